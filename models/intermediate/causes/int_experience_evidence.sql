-- What went wrong before the inactivity, and what was not followed by another purchase: it came on the day
-- of the last purchase or within cause_days after it.
with interactions as (

    select
        account_customers.customer_id,
        interactions.interaction_type,
        interactions.order_id,
        interactions.score,
        interactions.occurred_on
    from {{ accepted('interactions') }} as interactions
    inner join {{ ref('int_account_customers') }} as account_customers
        on interactions.account_id = account_customers.account_id

),

happened as (

    select
        purchases.customer_id,
        'late_delivery' as evidence,
        orders.delivered_on as happened_on,
        cast({{ days_between('orders.promised_on', 'orders.delivered_on') }} as double)
            as evidence_value
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    where purchases.is_purchase
        and orders.delivered_on > orders.promised_on
    union all
    -- A ticket about an order complains of it; one that names none asks for something.
    select customer_id, 'complaint', occurred_on, cast(1 as double)
    from interactions
    where interaction_type = 'ticket'
        and order_id is not null
    union all
    -- In stars, of which there are five: the best is the least bad. Who was asked and did not answer gave none.
    select customer_id, 'low_score', occurred_on, 5 - cast(score as double)
    from interactions
    where interaction_type in ('review', 'csat')
        and score is not null
    union all
    select purchases.customer_id, 'returned', refunds.refunded_on, cast(1 as double)
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_booked_refunds') }} as refunds on purchases.order_id = refunds.order_id
    where purchases.is_purchase

)

select
    churned_customers.customer_id,
    happened.evidence,
    max(happened.evidence_value) as evidence_value
from {{ ref('int_churned_customers') }} as churned_customers
inner join happened
    on churned_customers.customer_id = happened.customer_id
    and happened.happened_on >= churned_customers.last_purchase_on
    and happened.happened_on <= churned_customers.last_purchase_on + {{ var('cause_days') }}
    and happened.happened_on < churned_customers.as_of_date
group by churned_customers.customer_id, happened.evidence

-- What went wrong between customers and the shop, and when: deliveries that came late, complaints, low scores, returns. An order
-- that was given back whole is no purchase any more, and went wrong the most; one that was cancelled came to nothing.
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

)

select
    sold.customer_id,
    'late_delivery' as evidence,
    orders.delivered_on as happened_on,
    cast({{ days_between('orders.promised_on', 'orders.delivered_on') }} as double) as evidence_value
from {{ ref('int_kpi_orders') }} as sold
inner join {{ ref('int_orders') }} as orders on sold.order_id = orders.order_id
where sold.is_sold
    and sold.customer_id is not null
    and orders.delivered_on > orders.promised_on
union all
-- A ticket about an order complains of it; one that names none asks for something.
select customer_id, 'complaint', occurred_on, cast(1 as double)
from interactions
where interaction_type = 'ticket'
    and order_id is not null
union all
-- In stars, of which there are five: the best is the least bad. Who was asked and did not answer gave none, nor is a score
-- beyond the scale one.
select customer_id, 'low_score', occurred_on, 5 - cast(score as double)
from interactions
where interaction_type in ('review', 'csat')
    and score between 1 and 5
union all
select sold.customer_id, 'returned', refunds.refunded_on, cast(1 as double)
from {{ ref('int_kpi_orders') }} as sold
inner join {{ ref('int_booked_refunds') }} as refunds on sold.order_id = refunds.order_id
where sold.is_sold
    and sold.customer_id is not null

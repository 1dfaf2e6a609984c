-- Each purchase whose days of follow-up are over, with what its customer bought in the days after it and in the year before,
-- and the reason of the ticket that names it, if any: the first where there are several. Purchases are what is compared, and not
-- customers: who buys more complains more often, and of purchases everybody has as many of both kinds as they make.
{%- set days = whole_number('service_follow_up_days', 1) %}
{%- set year = 365 %}

with transactions as (

    select
        transactions.*,
        {{ days_between("cast('2001-01-01' as date)", 'transacted_on') }} as day_number
    from {{ ref('int_latest_transactions') }} as transactions

),

followed as (

    select
        transactions.*,
        count(case when is_purchase then 1 end) over after_it as later_purchase_count,
        coalesce(sum(net_amount) over after_it, 0) as later_amount,
        count(case when is_purchase then 1 end) over before_it as earlier_purchase_count,
        coalesce(sum(net_amount) over before_it, 0) as earlier_amount,
        day_number - min(case when is_purchase then day_number end) over (partition by customer_id) as tenure_days
    from transactions
    window
        after_it as (
            partition by customer_id order by day_number nulls last range between 1 following and {{ days }} following
        ),
        before_it as (
            partition by customer_id order by day_number nulls last range between {{ year }} preceding and 1 preceding
        )

),

complaints as (

    select
        order_id,
        min_by(reason, cast(occurred_on as string) || ':' || interaction_id) as reason
    from {{ ref('int_tickets') }}
    where order_id is not null
    group by order_id

)

select
    followed.order_id,
    followed.customer_id,
    followed.transacted_month as ordered_month,
    coalesce(orders.channel, 'unknown') as channel,
    complaints.reason,
    coalesce(orders.delivered_on > orders.promised_on, false) as is_late,
    case when followed.later_purchase_count > 0 then 1 else 0 end as repurchase,
    cast(followed.later_amount as decimal(18,2)) as later_amount,
    followed.earlier_purchase_count,
    cast(followed.earlier_amount as decimal(18,2)) as earlier_amount,
    followed.tenure_days
from followed
inner join {{ ref('int_orders') }} as orders on followed.order_id = orders.order_id
left join complaints on followed.order_id = complaints.order_id
where followed.is_purchase
    and followed.transacted_on + {{ days }} < followed.as_of_date

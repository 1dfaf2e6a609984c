-- Each purchase whose days of follow-up are over in the months that are, with what its customer bought in the days after it and in the year before,
-- and the reason of the ticket that names it, if any: the first where there are several. Purchases are what is compared, and not
-- customers: who buys more complains more often, and of purchases everybody has as many of both kinds as they make. A purchase
-- is what was one on its own day: many a complaint ends with all the money back, and would else be the one that nobody sees.
{%- set days = whole_number('service_follow_up_days', 1) %}
{%- set year = 365 %}

with transactions as (

    select
        states.order_id,
        states.customer_id,
        states.transacted_on,
        learnt.learnt_until,
        {{ days_between("cast('2001-01-01' as date)", 'states.transacted_on') }} as day_number,
        count(*) filter (where states.is_purchase and states.effective_from = states.transacted_on) > 0 as was_purchase,
        count(*) filter (where states.is_purchase and {{ stands_on('states', 'learnt.learnt_until + 1') }}) > 0 as is_purchase,
        coalesce(sum(states.net_amount) filter (where {{ stands_on('states', 'learnt.learnt_until + 1') }}), 0) as net_amount
    from {{ ref('int_transactions') }} as states
    inner join {{ ref('int_learnt_until') }} as learnt on states.transacted_on <= learnt.learnt_until
    group by states.transaction_id, states.order_id, states.customer_id, states.transacted_on, learnt.learnt_until

),

followed as (

    select
        transactions.*,
        count(case when is_purchase then 1 end) over after_it as later_purchase_count,
        coalesce(sum(net_amount) over after_it, 0) as later_amount,
        count(case when was_purchase then 1 end) over before_it as earlier_purchase_count,
        coalesce(sum(net_amount) over before_it, 0) as earlier_amount,
        day_number - min(case when was_purchase then day_number end) over (partition by customer_id) as tenure_days
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
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('int_learnt_until') }} as learnt on tickets.occurred_on <= learnt.learnt_until
    where order_id is not null
    group by order_id

)

select
    followed.order_id,
    followed.customer_id,
    cast(date_trunc('month', followed.transacted_on) as date) as ordered_month,
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
where followed.was_purchase
    and followed.transacted_on + {{ days }} <= followed.learnt_until

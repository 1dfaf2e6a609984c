-- All money of known customers, without guests whom nobody claims: what their orders were worth from
-- day to day, below zero too, and the credits that no order takes, on their own day. Who counts by order or customer over all of history
-- counts by their numbers; those of orders follow one another within a month, so that they stay when others come.
select
    states.order_id as transaction_id,
    states.order_id,
    cast(100 * extract(year from states.ordered_on) + extract(month from states.ordered_on) as bigint) * 1000000000
        + dense_rank() over (partition by date_trunc('month', states.ordered_on) order by states.order_id nulls last) as order_number,
    order_customers.customer_id,
    {{ number_of('order_customers.customer_id') }} as customer_number,
    states.ordered_on as transacted_on,
    states.effective_from,
    states.effective_to,
    states.net_amount,
    states.is_purchase,
    states.is_current
from {{ ref('int_order_states') }} as states
inner join {{ ref('int_order_customers') }} as order_customers on states.order_id = order_customers.order_id
where order_customers.customer_id is not null
    and (states.is_purchase or states.net_amount <> 0)
union all
select
    refund_id,
    null,
    null,
    customer_id,
    {{ number_of('customer_id') }},
    refunded_on,
    refunded_on,
    null,
    -refund_amount,
    false,
    is_current
from {{ ref('int_booked_refunds') }} as refunds
where matched_by = 'customer'

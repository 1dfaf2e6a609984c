-- net = gross − discount + adjustment − refunded − voided, for every order. All orders are here, also those on
-- or after the day of analysis.
select
    orders.order_id,
    order_customers.customer_id,
    orders.account_id,
    orders.store_id,
    orders.source_system,
    orders.source_order_id,

    orders.channel,
    orders.order_status,
    orders.currency,
    order_customers.claimed_by,

    coalesce(amounts.line_count, 0) as line_count,
    coalesce(amounts.gross_amount, 0) as gross_amount,
    coalesce(amounts.discount_amount, 0) as discount_amount,
    states.adjustment_amount,
    states.refunded_amount,
    states.voided_amount,
    states.net_amount,

    orders.account_id is null as is_guest,
    states.is_purchase,

    orders.ordered_at,
    orders.ordered_on,
    orders.ordered_hour,
    orders.cancelled_on,
    orders.promised_on,
    orders.delivered_on
from {{ ref('int_orders') }} as orders
inner join {{ ref('int_order_states') }} as states
    on orders.order_id = states.order_id
    and states.effective_to is null
left join {{ ref('int_order_amounts') }} as amounts on orders.order_id = amounts.order_id
left join {{ ref('int_order_customers') }} as order_customers on orders.order_id = order_customers.order_id

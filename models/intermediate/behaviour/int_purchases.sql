-- A purchase is an order that is paid, not cancelled, and worth more than nothing, from the day of
-- such a state until the state changes. These are the purchases of known customers, without guests whom nobody claims.
select
    states.order_id,
    states.effective_from,
    states.effective_to,
    order_customers.customer_id,
    orders.ordered_on,
    states.net_amount
from {{ ref('int_order_states') }} as states
inner join {{ ref('int_orders') }} as orders on states.order_id = orders.order_id
inner join {{ ref('int_order_customers') }} as order_customers on states.order_id = order_customers.order_id
where states.is_purchase
    and order_customers.customer_id is not null

-- What: linking accounts moves revenue between customers, but makes and loses none: the purchases of
-- all customers are worth what the orders of all accounts were worth on the day of analysis, and
-- every order with an account has a customer.
-- Why: an account in two components, or in none, would double or drop its orders.
-- Returns one row when the sums differ.
with customers as (

    select sum(net_amount) as net_amount
    from {{ ref('customers') }}

),

orders as (

    select
        sum(states.net_amount) as net_amount,
        count(*) filter (where orders.customer_id is null) as lost_order_count
    from {{ ref('orders') }} as orders
    inner join {{ ref('int_order_states') }} as states on orders.order_id = states.order_id
    inner join {{ ref('int_as_of_dates') }} as as_of_dates
        on states.effective_from < as_of_dates.as_of_date
        and (states.effective_to >= as_of_dates.as_of_date or states.effective_to is null)
    where as_of_dates.is_latest
        and states.is_purchase
        and not orders.is_guest

)

select *
from customers
cross join orders
where coalesce(customers.net_amount, 0) <> coalesce(orders.net_amount, 0)
    or orders.lost_order_count > 0

-- A purchase is an order that is paid, not cancelled, and worth more than nothing, from the day of
-- such a state until the state changes. These are the purchases of known customers, without guests.
with states as (

    select * from {{ ref('int_order_states') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

account_customers as (

    select * from {{ ref('int_account_customers') }}

),

purchases as (

    select
        states.order_id,
        states.effective_from,
        states.effective_to,
        account_customers.customer_id,
        orders.ordered_on,
        states.net_amount
    from states
    inner join orders on states.order_id = orders.order_id
    inner join account_customers on orders.account_id = account_customers.account_id
    where states.is_purchase

)

select * from purchases

-- What the orders of customers with credits had left to be given back, from day to day: what was asked
-- for them, tax and tips included, less the refunds that name them; and how much of it is revenue. A
-- cancelled order, and one that was never paid, has nothing left.
with customers as (

    select distinct account_customers.customer_id
    from {{ ref('int_refunds') }} as refunds
    inner join {{ ref('int_account_customers') }} as account_customers
        on refunds.account_id = account_customers.account_id
    where refunds.order_id is null
        and not refunds.names_an_order

),

customer_orders as (

    select
        orders.*,
        order_customers.customer_id
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_order_customers') }} as order_customers on orders.order_id = order_customers.order_id
    semi join customers on order_customers.customer_id = customers.customer_id

),

booked as (

    {{ order_bookings('customer_orders', ref('int_refunds')) }}

),

running as (

    select
        order_id,
        effective_from as left_from,
        lead(effective_from) over so_far as left_to,
        sum(sales_amount + adjustment_amount - refund_amount) over so_far as net_amount,
        sum(delivered_amount) over so_far as delivered_amount,
        sum(asked_amount) over so_far as asked_amount,
        sum(void_count) over so_far as void_count
    from booked
    window so_far as (partition by order_id order by effective_from nulls last)

)

select
    running.order_id,
    customer_orders.customer_id,
    customer_orders.currency,
    customer_orders.ordered_at,
    running.left_from,
    running.left_to,
    cast(running.asked_amount as decimal(18,2)) as amount_left,
    cast(running.net_amount as decimal(18,2)) as net_amount,
    cast(running.delivered_amount as decimal(18,2)) as delivered_amount
from running
inner join customer_orders on running.order_id = customer_orders.order_id
where running.void_count = 0
    and running.asked_amount > 0

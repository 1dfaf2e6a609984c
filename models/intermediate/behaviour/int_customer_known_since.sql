-- A customer is known from the registration or the first order, whichever came first; one without
-- either has been there since the data began.
with data_start as (

    select min(ordered_on) as first_on
    from {{ ref('int_orders') }} as orders

),

first_orders as (

    select
        order_customers.customer_id,
        min(orders.ordered_on) as first_order_on
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_order_customers') }} as order_customers
        on orders.order_id = order_customers.order_id
    group by order_customers.customer_id

)

select
    customers.customer_id,
    coalesce(
        least(customers.registered_on, first_orders.first_order_on),
        customers.registered_on,
        first_orders.first_order_on,
        data_start.first_on
    ) as known_since
from {{ ref('int_customers') }} as customers
cross join data_start
left join first_orders on customers.customer_id = first_orders.customer_id

-- A customer is known from the registration, the first order or the first credit, whichever came first;
-- one without any has been there since the data began, and is not dated.
with data_start as (

    select min(ordered_on) as first_on
    from {{ ref('int_orders') }} as orders

),

dealings as (

    select
        order_customers.customer_id,
        orders.ordered_on as dealt_on
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_order_customers') }} as order_customers
        on orders.order_id = order_customers.order_id
    union all
    select
        customer_id,
        refunded_on
    from {{ ref('int_booked_refunds') }} as refunds
    where matched_by = 'customer'

),

first_dealings as (

    select
        customer_id,
        min(dealt_on) as first_on
    from dealings
    group by customer_id

)

select
    customers.customer_id,
    coalesce(
        least(customers.registered_on, first_dealings.first_on),
        customers.registered_on,
        first_dealings.first_on,
        data_start.first_on
    ) as known_since,
    coalesce(customers.registered_on, first_dealings.first_on) is not null as is_dated
from {{ ref('int_customers') }} as customers
cross join data_start
left join first_dealings on customers.customer_id = first_dealings.customer_id

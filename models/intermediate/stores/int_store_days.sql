-- What each store sold on each day on which it sold anything, and to whom, with those of its own customers who came or left on the
-- day, wherever they did. A customer is from the region of the stores in their city: where a city has none, nobody knows it.
with cities as (

    select distinct city, region
    from {{ accepted('stores') }} as stores
    where city is not null and region is not null

),

sold as (

    select
        orders.store_id,
        orders.ordered_on,
        count(*) filter (where orders.is_purchase) as purchase_count,
        count(distinct orders.customer_id) filter (where orders.is_purchase) as customer_count,
        count(*) filter (where orders.is_purchase and orders.is_of_account) as member_purchase_count,
        count(customers.city || stores.city) filter (where orders.is_purchase) as located_purchase_count,
        count(*) filter (where orders.is_purchase and customers.city = stores.city) as local_purchase_count,
        count(*) filter (where orders.is_purchase and (customers.city = stores.city or cities.city is not null))
            as regional_purchase_count,
        sum(orders.net_amount) as net_amount
    from {{ ref('int_kpi_orders') }} as orders
    left join {{ accepted('stores') }} as stores on orders.store_id = stores.store_id
    left join {{ ref('int_customers') }} as customers on orders.customer_id = customers.customer_id
    left join cities
        on customers.city = cities.city
        and case when stores.city is not null then stores.region end = cities.region
    where orders.store_id is not null
    group by orders.store_id, orders.ordered_on

),

moved as (

    select
        homes.store_id,
        moves.moved_on,
        count(*) filter (where moves.move = 'acquired') as new_customer_count,
        count(*) filter (where moves.move = 'reactivated') as reactivated_customer_count,
        count(*) filter (where moves.move = 'churned') as lost_customer_count
    from {{ ref('int_customer_moves') }} as moves
    inner join {{ ref('int_home_stores') }} as homes on moves.customer_id = homes.customer_id
    group by homes.store_id, moves.moved_on

)

select
    coalesce(sold.store_id, moved.store_id) as store_id,
    coalesce(sold.ordered_on, moved.moved_on) as active_on,
    {%- for count in [
        'purchase_count', 'customer_count', 'member_purchase_count', 'located_purchase_count', 'local_purchase_count',
        'regional_purchase_count', 'new_customer_count', 'reactivated_customer_count', 'lost_customer_count'
    ] %}
    coalesce({{ count }}, 0) as {{ count }},
    {%- endfor %}
    cast(coalesce(sold.net_amount, 0) as decimal(18,2)) as net_amount
from sold
full join moved on sold.store_id = moved.store_id and sold.ordered_on = moved.moved_on

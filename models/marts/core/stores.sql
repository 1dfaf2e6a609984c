-- A store that sold but was never described is in the list nevertheless.
with accepted as (

    select * from {{ accepted('stores') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

delivered as (

    select
        store_id,
        source_system,
        source_store_id,
        store_name,
        city,
        region,
        retail_type,
        false as is_inferred
    from accepted

),

inferred as (

    select distinct
        orders.store_id,
        split_part(orders.store_id, ':', 1) as source_system,
        {{ unqualified('orders.store_id') }} as source_store_id,
        cast(null as string) as store_name,
        cast(null as string) as city,
        cast(null as string) as region,
        cast(null as string) as retail_type,
        true as is_inferred
    from orders
    anti join delivered on orders.store_id = delivered.store_id
    where orders.store_id is not null

),

stores as (

    select * from delivered
    union all
    select * from inferred

)

select * from stores

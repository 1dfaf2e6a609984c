-- A product that was sold but never described is in the catalogue nevertheless.
with accepted as (

    select * from {{ accepted('products') }}

),

order_lines as (

    select * from {{ ref('int_order_lines') }}

),

delivered as (

    select
        product_id,
        source_system,
        source_product_id,
        product_name,
        brand,
        department,
        category,
        package_size,
        list_price,
        lead_time_days,
        false as is_inferred
    from accepted

),

inferred as (

    select distinct
        order_lines.product_id,
        split_part(order_lines.product_id, ':', 1) as source_system,
        {{ unqualified('order_lines.product_id') }} as source_product_id,
        cast(null as string) as product_name,
        cast(null as string) as brand,
        cast(null as string) as department,
        cast(null as string) as category,
        cast(null as string) as package_size,
        cast(null as decimal(18,2)) as list_price,
        cast(null as bigint) as lead_time_days,
        true as is_inferred
    from order_lines
    anti join delivered on order_lines.product_id = delivered.product_id
    where order_lines.product_id is not null

),

products as (

    select * from delivered
    union all
    select * from inferred

)

select * from products

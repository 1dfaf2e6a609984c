-- A product that was sold but never described is in the catalogue nevertheless.
with named as (

    select distinct product_id
    from {{ ref('int_order_lines') }}
    where product_id is not null

)

select
    coalesce(accepted.product_id, named.product_id) as product_id,
    coalesce(accepted.source_system, split_part(named.product_id, ':', 1)) as source_system,
    coalesce(accepted.source_product_id, {{ unqualified('named.product_id') }}) as source_product_id,
    accepted.product_name,
    accepted.brand,
    accepted.department,
    accepted.category,
    accepted.package_size,
    accepted.list_price,
    accepted.lead_time_days,
    accepted.product_id is null as is_inferred
from {{ accepted('products') }} as accepted
full join named on accepted.product_id = named.product_id

-- A store that sold but was never described is in the list nevertheless.
with named as (

    select distinct store_id
    from {{ ref('int_orders') }}
    where store_id is not null

)

select
    coalesce(accepted.store_id, named.store_id) as store_id,
    coalesce(accepted.source_system, split_part(named.store_id, ':', 1)) as source_system,
    coalesce(accepted.source_store_id, {{ unqualified('named.store_id') }}) as source_store_id,
    accepted.store_name,
    accepted.city,
    accepted.region,
    accepted.retail_type,
    accepted.opens_at,
    accepted.closes_at,
    accepted.store_id is null as is_inferred
from {{ accepted('stores') }} as accepted
full join named on accepted.store_id = named.store_id

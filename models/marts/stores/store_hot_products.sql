-- What is bought at a place more often than in all stores together, in the last hot_product_days: the share of its purchases that
-- hold the product, by that of all of them, as an index of which 100 is the whole. The logarithm of the index scatters by
--   sqrt((1 - the place's part of all purchases) * (1 - the share of all) / purchases of the product at the place)
-- where the product is no more popular there than elsewhere: the place is a part of what it is compared with, and can't differ
-- from itself. A product that is bought fewer than hot_product_min_purchases times at a place has no row there.
with bought as (

    select distinct
        orders.order_id,
        orders.store_id,
        lines.product_id
    from {{ ref('int_kpi_orders') }} as orders
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    inner join {{ ref('order_lines') }} as lines on orders.order_id = lines.order_id
    where orders.is_purchase
        and orders.store_id is not null
        and orders.ordered_on >= latest.as_of_date - interval '{{ var("hot_product_days") }}' day
        and lines.product_id is not null
        and lines.quantity > 0

),

places as (

    select 'store' as place_kind, store_id as place, store_id
    from {{ ref('stores') }}
    union all
    select 'region', region, store_id
    from {{ ref('stores') }}
    where region is not null
    union all
    select 'whole', 'all', store_id
    from {{ ref('stores') }}

),

baskets as (

    select places.place_kind, places.place, sum(of_store.purchase_count) as purchase_count
    from (
        select store_id, count(distinct order_id) as purchase_count
        from bought
        group by store_id
    ) as of_store
    inner join places on of_store.store_id = places.store_id
    group by places.place_kind, places.place

),

counted as (

    select places.place_kind, places.place, of_store.product_id, sum(of_store.product_purchase_count) as product_purchase_count
    from (
        select store_id, product_id, count(*) as product_purchase_count
        from bought
        group by store_id, product_id
    ) as of_store
    inner join places on of_store.store_id = places.store_id
    group by places.place_kind, places.place, of_store.product_id

),

compared as (

    select
        here.place_kind,
        here.place,
        here.product_id,
        baskets.purchase_count,
        here.product_purchase_count,
        cast(here.product_purchase_count as double) / baskets.purchase_count as purchase_share,
        cast(everywhere.product_purchase_count as double) / whole.purchase_count as whole_share,
        cast(baskets.purchase_count as double) / whole.purchase_count as part_of_whole
    from counted as here
    inner join baskets
        on here.place_kind = baskets.place_kind
        and here.place = baskets.place
    inner join counted as everywhere
        on everywhere.place_kind = 'whole'
        and here.product_id = everywhere.product_id
    inner join baskets as whole on whole.place_kind = 'whole'
    where here.place_kind <> 'whole'
        and here.product_purchase_count >= {{ var('hot_product_min_purchases') }}

),

indexed as (

    select
        compared.*,
        100 * purchase_share / whole_share as share_index,
        sqrt(greatest((1 - part_of_whole) * (1 - whole_share), 0) / product_purchase_count) as index_deviation
    from compared

)

select
    place_kind,
    place,
    product_id,
    cast(purchase_count as bigint) as purchase_count,
    cast(product_purchase_count as bigint) as product_purchase_count,
    purchase_share,
    whole_share,
    share_index,
    share_index * exp(-{{ var('interval_standard_deviations') }} * index_deviation) as index_low,
    share_index * exp({{ var('interval_standard_deviations') }} * index_deviation) as index_high,
    coalesce(ln(share_index / 100) > {{ var('hot_product_deviations') }} * index_deviation, false) as is_hot
from indexed

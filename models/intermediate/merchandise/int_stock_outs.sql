-- The share of a week in which a product was missing from the shelf of a store, for weeks in which it was: days that
-- ended with nothing on hand and on which nothing was sold, each a seventh. A day that sold the last piece counts as a
-- day with the product: what else would have been sold on it nobody knows.
with counted as (

    select
        product_id,
        coalesce(store_id, 'none') as store_id,
        counted_on
    from {{ accepted('stock_levels') }}
    where on_hand_quantity <= 0

)

select
    counted.product_id,
    counted.store_id,
    cast(date_trunc('week', counted.counted_on) as date) as week_on,
    count(distinct counted.counted_on) as stock_out_days,
    count(distinct counted.counted_on) / 7e0 as stock_out_share
from counted
anti join {{ ref('int_demand_days') }} as demand
    on counted.product_id = demand.product_id
    and counted.store_id = demand.store_id
    and counted.counted_on = demand.ordered_on
group by counted.product_id, counted.store_id, cast(date_trunc('week', counted.counted_on) as date)

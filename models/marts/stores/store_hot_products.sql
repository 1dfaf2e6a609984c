-- What is bought at a place more often than in all stores together, in the last hot_product_days of the months that are over: the share of its
-- purchases that hold the product, by that of all of them, as an index of which 100 is the whole. A customer buys the same things again, so that
-- chance is in customers and not in purchases. Where the product is no more popular than elsewhere, the logarithm of the index scatters by
--   sqrt((1 - w) * sum over customers of (a - s n)^2) / sum of a
-- n: purchases of a customer at the place, a: those that hold the product, s: the share of all; w: the part of all purchases that is
-- the place's own. Guests whom nobody claims are one customer a purchase. What too few people bought may be their taste alone.
{%- set z = var('interval_standard_deviations') %}

with places as (

    select 'store' as place_kind, store_id as place, store_id from {{ ref('stores') }}
    union all
    select 'region', region, store_id from {{ ref('stores') }} where region is not null

),

bought as (

    select distinct
        orders.order_id,
        orders.store_id,
        coalesce(orders.customer_id, orders.order_id) as shopper,
        lines.product_id
    from {{ ref('int_kpi_orders') }} as orders
    inner join {{ ref('int_learnt_until') }} as learnt
        on orders.ordered_on > learnt.learnt_until - {{ whole_number('hot_product_days', 1) }} and orders.ordered_on <= learnt.learnt_until
    inner join {{ ref('order_lines') }} as lines on orders.order_id = lines.order_id and lines.quantity > 0 and lines.product_id is not null
    where orders.is_purchase and orders.store_id is not null

),

shoppers as (

    select place_kind, place, shopper, count(distinct order_id) as purchase_count
    from bought
    inner join places on bought.store_id = places.store_id
    group by place_kind, place, shopper

),

visited as (

    select place_kind, place,
        sum(purchase_count) as purchase_count,
        sum(purchase_count * purchase_count) as squared_count,
        sum(sum(case when place_kind = 'store' then purchase_count else 0 end)) over () as whole_count
    from shoppers
    group by place_kind, place

),

habits as (

    select place_kind, place, shopper, product_id, count(*) as product_purchase_count
    from bought
    inner join places on bought.store_id = places.store_id
    group by place_kind, place, shopper, product_id

),

counted as (

    select
        habits.place_kind, habits.place, habits.product_id,
        count(*) as customer_count,
        sum(habits.product_purchase_count) as product_purchase_count,
        sum(sum(case when habits.place_kind = 'store' then habits.product_purchase_count else 0 end))
            over (partition by habits.product_id) as whole_product_count,
        sum(habits.product_purchase_count * habits.product_purchase_count) as squared_count,
        sum(habits.product_purchase_count * shoppers.purchase_count) as crossed_count
    from habits
    inner join shoppers
        on habits.place_kind = shoppers.place_kind
        and habits.place = shoppers.place
        and habits.shopper = shoppers.shopper
    group by habits.place_kind, habits.place, habits.product_id

),

compared as (

    select
        counted.*,
        visited.purchase_count,
        visited.squared_count as visits_squared_count,
        cast(counted.product_purchase_count as double) / visited.purchase_count as purchase_share,
        cast(counted.whole_product_count as double) / visited.whole_count as whole_share,
        cast(visited.purchase_count as double) / visited.whole_count as part_of_whole
    from counted
    inner join visited on counted.place_kind = visited.place_kind and counted.place = visited.place
    where counted.customer_count >= {{ var('hot_product_min_customers') }}

),

indexed as (

    select
        compared.*,
        100 * (purchase_share / whole_share) as share_index,
        sqrt(greatest(0, (1 - part_of_whole) * (
            squared_count - 2 * whole_share * crossed_count + whole_share * whole_share * visits_squared_count
        ))) / product_purchase_count as index_deviation
    from compared

)

select
    place_kind,
    place,
    product_id,
    cast(purchase_count as bigint) as purchase_count,
    cast(product_purchase_count as bigint) as product_purchase_count,
    customer_count,
    purchase_share,
    whole_share,
    share_index,
    cast({{ round_half_up('share_index * exp(-' ~ z ~ ' * index_deviation)', 6) }} as double) as index_low,
    cast({{ round_half_up('share_index * exp(' ~ z ~ ' * index_deviation)', 6) }} as double) as index_high,
    part_of_whole < 1 and ln(share_index / 100) > {{ var('hot_product_deviations') }} * index_deviation as is_hot
from indexed

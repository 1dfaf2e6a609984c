-- What is bought together more often than two items that have nothing to do with each other are. The variance of the
-- logarithm of lift is by the delta method, of counts that share their baskets:
--   1/n(ab) − 1/n(a) − 1/n(b) + (2 lift − 1)/n.
-- Partners are ranked by how far their baskets lie beyond chance, in standard deviations of what chance has, at the lower end of
-- the interval: lift alone would put first what hardly anybody buys, and baskets alone what everybody does.
with directed as (

    select item_number, other_item_number, basket_count, customer_count
    from {{ ref('int_affinity_pairs') }}
    union all
    select other_item_number, item_number, basket_count, customer_count
    from {{ ref('int_affinity_pairs') }}

),

measured as (

    select
        items.item_kind,
        items.item_id,
        others.item_id as other_item_id,
        directed.basket_count,
        directed.customer_count,
        items.basket_count as item_basket_count,
        others.basket_count as other_item_basket_count,
        items.all_basket_count,
        cast(directed.basket_count as double) * items.all_basket_count
            / (cast(items.basket_count as double) * others.basket_count) as lift
    from directed
    inner join {{ ref('int_affinity_items') }} as items on directed.item_number = items.item_number
    inner join {{ ref('int_affinity_items') }} as others on directed.other_item_number = others.item_number

),

uncertain as (

    select
        measured.*,
        exp(
            {{ var('interval_standard_deviations') }} * sqrt(greatest(
                0e0,
                1e0 / basket_count - 1e0 / item_basket_count - 1e0 / other_item_basket_count
                + (2 * lift - 1) / all_basket_count
            ))
        ) as lift_factor
    from measured

),

ranked as (

    select
        uncertain.*,
        row_number() over (
            partition by item_kind, item_id
            order by
                {{ round_half_up('(lift / lift_factor - 1) * sqrt(cast(other_item_basket_count as double))', 6) }} desc nulls last,
                other_item_id nulls last
        ) as affinity_rank
    from uncertain
    where lift / lift_factor > 1

)

select
    item_kind,
    item_id,
    other_item_id,
    cast(affinity_rank as bigint) as affinity_rank,
    basket_count,
    customer_count,
    item_basket_count,
    other_item_basket_count,
    all_basket_count,
    cast(basket_count as double) / all_basket_count as support,
    cast(basket_count as double) / item_basket_count as confidence,
    lift,
    lift / lift_factor as lift_low,
    lift * lift_factor as lift_high,
    cast(basket_count as double) / all_basket_count * (1 - 1 / lift) as leverage
from ranked
where affinity_rank <= {{ whole_number('affinity_max_items', 1) }}

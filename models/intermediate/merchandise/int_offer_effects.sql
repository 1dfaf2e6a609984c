-- What was sold of a product at the price of an offer in a week, beside what would have been sold without it: its pace in the weeks
-- around, up to promotion_reference_weeks away, at the same full price and without offer, times how the other categories go. Both
-- are as if no shelf had been empty. Scatter is how much further than by chance such weeks lie from what is expected, since customers
-- take several pieces; by it what is expected is known with an error.
with indexed as (

    select
        cells.*,
        indexes.week_index,
        cells.exposure * indexes.week_index as pace_weeks,
        cells.depth_share = 0 and cells.depth_before_share = 0 as is_plain
    from {{ ref('int_price_weeks') }} as cells
    inner join {{ ref('int_category_weeks') }} as indexes
        on cells.category = indexes.category
        and cells.week_on = indexes.week_on
    where indexes.week_index > 0

),

rates as (

    select
        product_id,
        cast(sum(quantity) as double) / {{ sum_of_doubles('pace_weeks') }} as weekly_rate
    from indexed
    where is_plain
    group by product_id

),

scatter as (

    select
        indexed.category,
        greatest(
            1,
            {{ sum_of_doubles('pow(cast(indexed.quantity as double) - rates.weekly_rate * indexed.pace_weeks, 2)') }}
            / {{ sum_of_doubles('rates.weekly_rate * indexed.pace_weeks') }}
        ) as scatter
    from indexed
    inner join rates on indexed.product_id = rates.product_id
    where indexed.is_plain
        and rates.weekly_rate > 0
    group by indexed.category

),

referred as (

    select
        offered.product_id,
        offered.week_on,
        offered.depth_share,
        cast(sum(around.quantity) as double) as around_quantity,
        {{ sum_of_doubles('around.pace_weeks') }} as around_weeks
    from indexed as offered
    inner join indexed as around
        on offered.product_id = around.product_id
        and around.is_plain
        and around.week_on >= cast(offered.week_on - interval '{{ 7 * var("promotion_reference_weeks") }}' day as date)
        and around.week_on <= cast(offered.week_on + interval '{{ 7 * var("promotion_reference_weeks") }}' day as date)
        and around.full_price between offered.full_price * 0.98 and offered.full_price * 1.02
    where offered.depth_share > 0
    group by offered.product_id, offered.week_on, offered.depth_share

)

select
    indexed.category,
    indexed.product_id,
    indexed.week_on,
    indexed.depth_share,
    cast(indexed.quantity as double) * indexed.week_count / indexed.exposure as sold_quantity,
    referred.around_quantity / referred.around_weeks * indexed.week_count * indexed.week_index as expected_quantity,
    scatter.scatter,
    scatter.scatter * referred.around_quantity / referred.around_weeks * indexed.week_count * indexed.week_index * (
        indexed.week_count / indexed.exposure
        + indexed.week_count * indexed.week_index / referred.around_weeks
    ) as variance
from indexed
inner join referred
    on indexed.product_id = referred.product_id
    and indexed.week_on = referred.week_on
    and indexed.depth_share = referred.depth_share
inner join scatter on indexed.category = scatter.category
where referred.around_quantity > 0

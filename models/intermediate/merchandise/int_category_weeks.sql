-- How all other categories go in a week, against their usual pace, by what is not on offer in them: so would this one have
-- gone without its own offers, also where all of it is on offer. Of a shop with one category all of it is the best that is known.
with categories as (

    select distinct category
    from {{ ref('int_price_weeks') }}

),

plain as (

    select
        category,
        product_id,
        week_on,
        quantity,
        exposure
    from {{ ref('int_price_weeks') }}
    where depth_share = 0
        and depth_before_share = 0

),

rates as (

    select
        product_id,
        cast(sum(quantity) as double) / {{ sum_of_doubles('exposure') }} as weekly_rate
    from plain
    group by product_id

),

summed as (

    select
        plain.category,
        plain.week_on,
        cast(sum(plain.quantity) as double) as quantity,
        {{ sum_of_doubles('plain.exposure * rates.weekly_rate') }} as usual_quantity
    from plain
    inner join rates on plain.product_id = rates.product_id
    group by plain.category, plain.week_on

),

totals as (

    select
        week_on,
        {{ sum_of_doubles('quantity') }} as quantity,
        {{ sum_of_doubles('usual_quantity') }} as usual_quantity
    from summed
    group by week_on

)

select
    categories.category,
    totals.week_on,
    coalesce(
        (totals.quantity - coalesce(summed.quantity, 0))
            / nullif(totals.usual_quantity - coalesce(summed.usual_quantity, 0), 0),
        totals.quantity / nullif(totals.usual_quantity, 0)
    ) as week_index
from categories
cross join totals
left join summed
    on categories.category = summed.category
    and totals.week_on = summed.week_on

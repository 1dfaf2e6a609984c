-- The weeks ahead of each series: what a usual week asks for, times the festivals of the week and the offers that are announced
-- for it; a category asks for what its products do. The range is as wide as forecasts of that size at that level have been
-- off, in square roots of what was forecast.
with categories as (

    select
        series.category,
        offers.week_on,
        cast(sum(cast(series.weekly_quantity * (offers.offer_factor - 1) as decimal(28,12))) as double) as offered_quantity
    from {{ ref('int_demand_series') }} as series
    inner join {{ ref('int_offer_weeks') }} as offers on series.product_id = offers.product_id
    where series.demand_level = 'product'
    group by series.category, offers.week_on

),

ahead as (

    select
        series.*,
        weeks.week_on,
        weeks.weeks_away,
        weeks.week_factor * case
            when series.demand_level = 'category'
                then series.weekly_quantity + coalesce(categories.offered_quantity, 0)
            else series.weekly_quantity * coalesce(offers.offer_factor, 1)
        end as expected_quantity
    from {{ ref('int_demand_series') }} as series
    cross join {{ ref('int_week_factors') }} as weeks
    left join categories
        on series.category = categories.category
        and weeks.week_on = categories.week_on
    left join {{ ref('int_offer_weeks') }} as offers
        on series.product_id = offers.product_id
        and weeks.week_on = offers.week_on
    where weeks.is_ahead

)

select
    ahead.demand_level,
    ahead.category,
    ahead.product_id,
    ahead.store_id,
    ahead.week_on,
    ahead.weeks_away as horizon_weeks,
    ahead.series_kind,
    ahead.parameters_version,

    cast({{ round_half_up('ahead.expected_quantity', 9) }} as double) as expected_quantity,
    cast({{ round_half_up('greatest(ahead.expected_quantity + low.deviation * sqrt(ahead.expected_quantity), 0)', 9) }} as double)
        as low_quantity,
    cast({{ round_half_up('greatest(ahead.expected_quantity + high.deviation * sqrt(ahead.expected_quantity), 0)', 9) }} as double)
        as high_quantity
from ahead
inner join {{ ref('int_demand_deviations') }} as low
    on ahead.demand_level || '/1/0.1' = low.feature
    and ahead.weekly_quantity >= low.size_from
    and ahead.weekly_quantity < low.size_to
inner join {{ ref('int_demand_deviations') }} as high
    on ahead.demand_level || '/1/0.9' = high.feature
    and ahead.weekly_quantity >= high.size_from
    and ahead.weekly_quantity < high.size_to

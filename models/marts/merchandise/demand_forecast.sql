-- The weeks ahead of each series: its rate, shared downwards so that levels add up, times the festivals of the week. The
-- interval is as wide as forecasts of that size at that level have been off, in square roots of what was forecast.
{%- set rates = ['mean_4', 'mean_13', 'decay_0', 'decay_02', 'decay_05', 'decay_10', 'decay_20', 'decay_30'] %}

with parameters as (

    select version, parameter, feature, knot, value
    from {{ ref('int_current_parameters') }}
    where model = 'demand'

),

weights as (

    select
        feature,
        max(version) as parameters_version,
        {%- for name in rates %}
        coalesce(max(value) filter (where parameter = feature || '/{{ name }}'), 0) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from parameters
    where knot is null
    group by feature

),

weighed as (

    select
        rates.demand_level,
        rates.category,
        rates.product_id,
        rates.store_id,
        rates.series_kind,
        weights.parameters_version,
        {%- for name in rates %}
        {{ '+ ' if not loop.first }}rates.{{ name }} * weights.{{ name }}
        {%- endfor %} as own_rate
    from {{ ref('int_demand_rates') }} as rates
    inner join weights on rates.demand_level || '/' || rates.series_kind = weights.feature

),

totals as (

    select
        demand_level,
        category,
        case when demand_level = 'product_store' then product_id else '' end as of_product_id,
        {{ sum_of_doubles('own_rate') }} as own_rate
    from weighed
    where demand_level <> 'category'
    group by demand_level, category, case when demand_level = 'product_store' then product_id else '' end

),

products as (

    select
        weighed.*,
        categories.own_rate * weighed.own_rate / nullif(totals.own_rate, 0) as weekly_quantity
    from weighed
    inner join weighed as categories
        on weighed.category = categories.category
        and categories.demand_level = 'category'
    inner join totals
        on weighed.category = totals.category
        and totals.demand_level = 'product'
    where weighed.demand_level = 'product'

),

stores as (

    select
        weighed.*,
        products.weekly_quantity * weighed.own_rate / nullif(totals.own_rate, 0) as weekly_quantity
    from weighed
    inner join products
        on weighed.category = products.category
        and weighed.product_id = products.product_id
    inner join totals
        on weighed.category = totals.category
        and weighed.product_id = totals.of_product_id
        and totals.demand_level = 'product_store'
    where weighed.demand_level = 'product_store'

),

series as (

    select weighed.*, own_rate as weekly_quantity from weighed where demand_level = 'category'
    union all
    select * from products
    union all
    select * from stores

),

deviations as (

    select
        feature,
        knot as size_from,
        lead(knot) over (partition by feature order by knot nulls last) as size_to,
        value as deviation
    from parameters
    where knot is not null

)

select
    series.demand_level,
    series.category,
    series.product_id,
    series.store_id,
    weeks.week_on,
    weeks.week_number as horizon_weeks,
    series.series_kind,
    series.parameters_version,

    series.weekly_quantity * weeks.week_factor as expected_quantity,
    greatest(series.weekly_quantity * weeks.week_factor
        + low.deviation * sqrt(series.weekly_quantity * weeks.week_factor), 0) as low_quantity,
    greatest(series.weekly_quantity * weeks.week_factor
        + high.deviation * sqrt(series.weekly_quantity * weeks.week_factor), 0) as high_quantity
from series
inner join {{ ref('int_week_factors') }} as weeks on weeks.is_ahead
inner join deviations as low
    on low.feature = series.demand_level || '/1/0.1'
    and series.weekly_quantity >= low.size_from
    and (series.weekly_quantity < low.size_to or low.size_to is null)
inner join deviations as high
    on high.feature = series.demand_level || '/1/0.9'
    and series.weekly_quantity >= high.size_from
    and (series.weekly_quantity < high.size_to or high.size_to is null)

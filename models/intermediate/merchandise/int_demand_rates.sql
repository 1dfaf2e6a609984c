-- Units a week without a festival or an offer, of each series: a weighted mean of what was usual since its first week, against the factors
-- of the same weeks. How fast the past is forgotten is fitted by level and kind of series, as weights of several rates.
{%- set windows = {'mean_4': 4, 'mean_13': 13} %}
{%- set decays = {'decay_0': 0, 'decay_02': 0.02, 'decay_05': 0.05, 'decay_10': 0.1, 'decay_20': 0.2, 'decay_30': 0.3} %}
{%- set rates = (windows | list) + (decays | list) %}

with weights as (

    select
        week_on,
        weeks_away,
        week_factor,
        {%- for name, weeks in windows.items() %}
        case when weeks_away < {{ weeks }} then 1e0 else 0e0 end as {{ name }},
        {%- endfor %}
        {%- for name, decay in decays.items() %}
        pow(1 - {{ decay }}, weeks_away) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_week_factors') }}
    where not is_ahead

),

possible as (

    select
        week_on,
        weeks_away + 1 as week_count,
        {%- for name in rates %}
        sum(cast(week_factor * {{ name }} as decimal(28,12))) over since as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from weights
    window since as (order by week_on desc nulls last rows between unbounded preceding and current row)

),

series as (

    select
        weeks.demand_level,
        weeks.category,
        weeks.product_id,
        weeks.store_id,
        min(weeks.week_on) filter (where weeks.sold_quantity > 0) as first_on,
        count(*) filter (where weeks.sold_quantity > 0 and weights.weeks_away < 52) as weeks_sold,
        {%- for name in rates %}
        sum(cast(weeks.usual_quantity * weights.{{ name }} as decimal(28,12)))
            as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_demand_weeks') }} as weeks
    inner join weights on weeks.week_on = weights.week_on
    group by weeks.demand_level, weeks.category, weeks.product_id, weeks.store_id

)

select
    series.demand_level,
    series.category,
    series.product_id,
    series.store_id,
    series.first_on,
    case
        when possible.week_count < {{ var('demand_new_weeks') }} then 'new'
        when least(possible.week_count, 52) < {{ var('demand_intermittent_interval') }} * greatest(series.weeks_sold, 1)
            then 'regular'
        else 'intermittent'
    end as series_kind,
    {%- for name in rates %}
    cast(series.{{ name }} as double) / cast(possible.{{ name }} as double) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from series
inner join possible on series.first_on = possible.week_on

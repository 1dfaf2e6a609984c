-- Key figures of the months that are over beside what the industry is said to have (seed industry_benchmarks). Sure is a place that
-- the whole interval of ours lies in; of forecasts there is no interval.
{%- set z = var('interval_standard_deviations') %}

with bounded as (

    select
        benchmarks.*,
        months.calendar_month,
        figures.customer_count,
        figures.buyer_count,
        figures.our_value,
        {%- for end, sign, by in [('low', '-', '/'), ('high', '+', '*')] %}
        case
            when benchmarks.form = 'yearly_change'
                then cast({{ round_half_up('(figures.our_value + 1) ' ~ by ~ ' figures.interval_factor - 1', 9) }} as double)
            else figures.our_value {{ sign }} {{ z }} * figures.standard_error
        end as {{ end }}_our_value{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('industry_benchmarks') }} as benchmarks
    inner join {{ ref('int_months') }} as months on months.days_since_month >= 0
    left join {{ ref('int_benchmark_figures') }} as figures
        on benchmarks.benchmark = figures.benchmark
        and months.calendar_month = figures.calendar_month

)

select
    metric,
    form,
    industry,
    segment,
    calendar_month,

    industry_name_en,
    industry_name_zh,
    segment_name_en,
    segment_name_zh,
    case
        when our_value < low_value then 'below'
        when our_value > high_value then 'above'
        when our_value is not null then 'within'
    end as place,
    source_en,
    source_zh,

    cast(customer_count as bigint) as customer_count,
    cast(buyer_count as bigint) as buyer_count,
    our_value,
    low_our_value,
    high_our_value,
    low_value,
    high_value,
    tolerance_share,

    case
        when our_value is null then null
        else our_value >= low_value * (1 - tolerance_share) and our_value <= high_value * (1 + tolerance_share)
    end as is_within_tolerance,
    case
        when our_value < low_value then high_our_value < low_value
        when our_value > high_value then low_our_value > high_value
        else low_our_value >= low_value and high_our_value <= high_value
    end as is_sure,
    is_from_article,

    source_date
from bounded

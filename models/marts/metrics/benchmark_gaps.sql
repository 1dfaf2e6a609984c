-- Key figures of the months that are over beside what the industry is said to have (seed industry_benchmarks). Ours is known as
-- well as its orders and buyers tell: the interval of a mean is of its standard error, that of a change on the year before of
-- both years' sums, e to the ± z × the root of Σ x² ÷ (Σ x)² of both. Sure is a place that the whole interval lies in; of
-- forecasts there is no interval.
{%- set z = var('interval_standard_deviations') %}

with estimated as (

    select
        benchmarks.*,
        months.calendar_month,
        summed.buyer_count,
        case
            when benchmarks.metric in ('average_order_value', 'forecast_accuracy') then summed.x / nullif(summed.n, 0)
            when benchmarks.metric = 'purchase_frequency' then summed.known_n / nullif(summed.buyer_count, 0)
            when benchmarks.metric = 'net_revenue' and benchmarks.form = 'yearly_change' then summed.y / nullif(earlier.y, 0) - 1
        end as our_value,
        case
            when benchmarks.metric = 'average_order_value'
                then sqrt(greatest(summed.xx - summed.x * summed.x / nullif(summed.n, 0), 0) / nullif(summed.n - 1, 0) / nullif(summed.n, 0))
            when benchmarks.metric = 'purchase_frequency'
                then sqrt(
                    greatest(summed.nn - summed.known_n * summed.known_n / nullif(summed.buyer_count, 0), 0)
                    / nullif(summed.buyer_count - 1, 0) / nullif(summed.buyer_count, 0)
                )
        end as standard_error,
        case
            when benchmarks.form = 'yearly_change'
                then exp({{ z }} * sqrt(summed.yy / nullif(summed.y * summed.y, 0) + earlier.yy / nullif(earlier.y * earlier.y, 0)))
        end as factor
    from {{ ref('industry_benchmarks') }} as benchmarks
    inner join {{ ref('int_months') }} as months on months.days_since_month >= 0
    left join {{ ref('int_benchmark_sums') }} as summed
        on benchmarks.benchmark = summed.benchmark
        and months.calendar_month = summed.calendar_month
    left join {{ ref('int_benchmark_sums') }} as earlier
        on benchmarks.benchmark = earlier.benchmark
        and months.calendar_month = cast(earlier.calendar_month + interval '12' month as date)

),

bounded as (

    select
        estimated.*,
        {%- for end, sign, by in [('low', '-', '/'), ('high', '+', '*')] %}
        case
            when form = 'yearly_change'
                then cast({{ round_half_up('(our_value + 1) ' ~ by ~ ' factor - 1', 9) }} as double)
            else our_value {{ sign }} {{ z }} * standard_error
        end as {{ end }}_our_value{{ ',' if not loop.last }}
        {%- endfor %}
    from estimated

)

select
    metric,
    form,
    segment,
    calendar_month,

    segment_name_en,
    segment_name_zh,
    case
        when our_value < low_value then 'below'
        when our_value > high_value then 'above'
        when our_value is not null then 'within'
    end as place,
    source_en,
    source_zh,

    buyer_count,
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

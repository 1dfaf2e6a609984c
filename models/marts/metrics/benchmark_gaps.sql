-- Key figures of the months that are over beside what the industry is said to have (seed industry_benchmarks). Ours is known as
-- well as its buyers tell, each of whom is one draw with all that they bought; of guests each order is one. The interval of a mean
-- is of its standard error, that of a change on the year before of both years' sums: e to the ± z × the root of Σ x² ÷ (Σ x)² of
-- both, as if they had no buyers in common, which is rather too wide. Sure is a place that the whole interval lies in; of
-- forecasts there is no interval.
{%- set z = var('interval_standard_deviations') %}

with summed as (

    select
        sums.*,
        known_purchase_count + guest_purchase_count as purchase_count,
        known_purchase_squares + guest_purchase_count as purchase_squares,
        buyer_count + guest_purchase_count as draw_count,
        purchase_amount / nullif(known_purchase_count + guest_purchase_count, 0) as order_value,
        known_purchase_count / nullif(customer_count, 0) as frequency,
        net_amount_squares / nullif(net_amount * net_amount, 0) as scatter
    from {{ ref('int_benchmark_sums') }} as sums

),

estimated as (

    select
        benchmarks.*,
        months.calendar_month,
        summed.customer_count,
        summed.buyer_count,
        case
            when benchmarks.metric = 'average_order_value' then summed.order_value
            when benchmarks.metric = 'monthly_frequency' then summed.frequency
            when benchmarks.metric = 'forecast_accuracy' then 1 - summed.absolute_error_amount / nullif(summed.actual_amount, 0)
            when benchmarks.metric = 'net_revenue' and benchmarks.form = 'yearly_change'
                then summed.net_amount / nullif(earlier.net_amount, 0) - 1
        end as our_value,
        case
            when benchmarks.metric = 'average_order_value'
                then sqrt(
                    greatest(
                        summed.purchase_amount_squares - 2 * summed.order_value * summed.purchase_products
                        + summed.order_value * summed.order_value * summed.purchase_squares, 0
                    ) * summed.draw_count / nullif(summed.draw_count - 1, 0)
                ) / nullif(summed.purchase_count, 0)
            when benchmarks.metric = 'monthly_frequency'
                then sqrt(
                    greatest(summed.known_purchase_squares - summed.frequency * summed.known_purchase_count, 0)
                    / nullif(summed.customer_count - 1, 0) / nullif(summed.customer_count, 0)
                )
        end as standard_error,
        case
            when benchmarks.form = 'yearly_change' then exp({{ z }} * sqrt(summed.scatter + earlier.scatter))
        end as factor
    from {{ ref('industry_benchmarks') }} as benchmarks
    inner join {{ ref('int_months') }} as months on months.days_since_month >= 0
    left join summed
        on benchmarks.benchmark = summed.benchmark
        and months.calendar_month = summed.calendar_month
    left join summed as earlier
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

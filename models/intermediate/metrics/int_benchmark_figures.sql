-- Our figure of each benchmark and month, and how well its buyers tell it, each of whom is one draw with all that they bought; of guests
-- each order is one. The interval of a mean is of its standard error, that of a change on the year before of both years'
-- sums: e to the ± z × the root of Σ x² ÷ (Σ x)² of both, as if they had no buyers in common, which is rather too wide. Forecasts are
-- of categories, on the weeks that begin in the month, and have no interval. A year that the data do not have as a whole tells neither how
-- often customers buy in it, since those who had not come back yet are missing, nor what changed since.
{%- set month = "cast(date_trunc('month', origin_on + interval '7' day * (horizon_weeks - 1)) as date)" %}

with begun as (

    select min(ordered_on) as first_on
    from {{ ref('int_kpi_orders') }}

),

summed as (

    select
        sums.*,
        known_purchase_count + guest_purchase_count as purchase_count,
        known_purchase_squares + guest_purchase_count as purchase_squares,
        buyer_count + guest_purchase_count as draw_count,
        purchase_amount / nullif(known_purchase_count + guest_purchase_count, 0) as order_value,
        case
            when begun.first_on <= cast(sums.calendar_month - interval '11' month as date)
                then known_purchase_count / nullif(customer_count, 0)
        end as frequency,
        net_amount_squares / nullif(net_amount * net_amount, 0) as scatter,
        sums.calendar_month >= begun.first_on as is_whole
    from {{ ref('int_benchmark_sums') }} as sums
    cross join begun

)

select
    benchmarks.benchmark,
    summed.calendar_month,
    summed.customer_count,
    summed.buyer_count,
    case
        when benchmarks.metric = 'average_order_value' then summed.order_value
        when benchmarks.metric = 'monthly_frequency' then summed.frequency
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
        when benchmarks.metric = 'monthly_frequency' and summed.frequency is not null
            then sqrt(
                greatest(summed.known_purchase_squares - summed.frequency * summed.known_purchase_count, 0)
                / nullif(summed.customer_count - 1, 0) / nullif(summed.customer_count, 0)
            )
    end as standard_error,
    case
        when benchmarks.form = 'yearly_change'
            then exp({{ var('interval_standard_deviations') }} * sqrt(summed.scatter + earlier.scatter))
    end as interval_factor
from {{ ref('industry_benchmarks') }} as benchmarks
inner join summed on benchmarks.benchmark = summed.benchmark
left join summed as earlier
    on summed.benchmark = earlier.benchmark
    and summed.calendar_month = cast(earlier.calendar_month + interval '12' month as date)
    and earlier.is_whole
union all
select
    benchmarks.benchmark,
    {{ month }},
    null,
    null,
    1 - {{ sum_of_doubles('absolute_error_amount') }} / nullif({{ sum_of_doubles('actual_amount') }}, 0),
    null,
    null
from {{ source('parameters', 'demand_backtest') }}
inner join {{ ref('industry_benchmarks') }} as benchmarks on benchmarks.metric = 'forecast_accuracy'
where demand_level = 'category'
    and method = 'forecast'
    and horizon_weeks > 0
group by benchmarks.benchmark, {{ month }}

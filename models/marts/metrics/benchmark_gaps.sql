-- Key figures of the months that are over beside what the industry is said to have (seed industry_benchmarks). Ours is known as
-- well as its orders and buyers tell: the interval of a mean is of its standard error, that of a change on the year before of
-- both years' sums, e to the ± z × the root of Σ x² ÷ (Σ x)² of both. Sure is a place that the whole interval lies in.
{%- set z = var('interval_standard_deviations') %}

with buyers as (

    select
        customer_id,
        cast(date_trunc('month', ordered_on) as date) as calendar_month,
        count(*) filter (where is_purchase) as purchase_count,
        sum(net_amount) filter (where is_purchase) as purchase_amount,
        sum(net_amount * net_amount) filter (where is_purchase) as purchase_square,
        sum(net_amount) as net_amount,
        sum(net_amount * net_amount) as net_square
    from {{ ref('int_kpi_orders') }}
    group by customer_id, cast(date_trunc('month', ordered_on) as date)

),

described as (

    select
        customer_id,
        lower(max(value) filter (where field = 'gender')) as gender,
        try_cast(max(value) filter (where field = 'birth_date') as date) as born_on
    from {{ ref('int_golden_values') }}
    where field in ('gender', 'birth_date')
    group by customer_id

),

summed as (

    select
        benchmarks.benchmark,
        buyers.calendar_month,
        count(*) filter (where buyers.customer_id is not null and buyers.purchase_count > 0) as buyer_count,
        cast(sum(buyers.purchase_count) as double) as n,
        cast(sum(buyers.purchase_count) filter (where buyers.customer_id is not null) as double) as known_n,
        cast(sum(buyers.purchase_count * buyers.purchase_count) filter (where buyers.customer_id is not null) as double) as nn,
        cast(sum(buyers.purchase_amount) as double) as x,
        cast(sum(buyers.purchase_square) as double) as xx,
        cast(sum(buyers.net_amount) as double) as y,
        cast(sum(buyers.net_square) as double) as yy
    from {{ ref('industry_benchmarks') }} as benchmarks
    cross join buyers
    left join described on buyers.customer_id = described.customer_id
    where coalesce(benchmarks.gender = described.gender, benchmarks.gender is null)
        and coalesce(
            {{ days_between('described.born_on', 'buyers.calendar_month') }} / 365.2425e0
                between benchmarks.age_from and benchmarks.age_below - 1e-9,
            benchmarks.age_from is null
        )
    group by benchmarks.benchmark, buyers.calendar_month

),

estimated as (

    select
        benchmarks.*,
        months.calendar_month,
        summed.buyer_count,
        case
            when benchmarks.metric = 'average_order_value' then summed.x / nullif(summed.n, 0)
            when benchmarks.metric = 'purchase_frequency' then summed.known_n / nullif(summed.buyer_count, 0)
            when benchmarks.metric = 'net_revenue' and benchmarks.form = 'yearly_change' then summed.y / nullif(earlier.y, 0) - 1
        end as our_value,
        case
            when benchmarks.metric = 'average_order_value'
                then sqrt(greatest(summed.xx - summed.x * summed.x / nullif(summed.n, 0), 0) / nullif(summed.n - 1, 0) / summed.n)
            when benchmarks.metric = 'purchase_frequency'
                then sqrt(
                    greatest(summed.nn - summed.known_n * summed.known_n / nullif(summed.buyer_count, 0), 0)
                    / nullif(summed.buyer_count - 1, 0) / summed.buyer_count
                )
        end as standard_error,
        case
            when benchmarks.form = 'yearly_change'
                then exp({{ z }} * sqrt(summed.yy / nullif(summed.y * summed.y, 0) + earlier.yy / nullif(earlier.y * earlier.y, 0)))
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
        case
            when form = 'yearly_change' then (our_value + 1) / factor - 1
            else our_value - {{ z }} * standard_error
        end as low_our_value,
        case
            when form = 'yearly_change' then (our_value + 1) * factor - 1
            else our_value + {{ z }} * standard_error
        end as high_our_value
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

-- Each key figure of a month beside that of the month before, of the same month a year before, and what was to be expected of
-- its days, each a week before it (kpi_daily). What adds up was expected to be their sum, in which a day of which nothing was
-- expected is a mean one; people, shares and means do not add up, and were expected to change from the month before as much as
-- those of its days together. How many customers are active is that of the last day.
with counted as (

    select period_on, channel, region, customer_type, kpi, numerator, denominator
    from {{ ref('int_kpi_counts') }}
    where period = 'month'
    union all
    select
        cast(date_trunc('month', calendar_day) as date),
        channel,
        region,
        customer_type,
        kpi,
        max_by(numerator, calendar_day),
        null
    from {{ ref('kpi_daily') }}
    where kpi = 'active_customers'
    group by cast(date_trunc('month', calendar_day) as date), channel, region, customer_type, kpi

),

additive as (

    select distinct kpi
    from {{ ref('int_kpi_counts') }}
    where is_additive

),

days as (

    select
        cast(date_trunc('month', calendar_day) as date) as calendar_month,
        channel,
        region,
        customer_type,
        kpi,
        kpi = 'active_customers' as is_stock,
        max(denominator) is not null as is_ratio,
        count(*) as day_count,
        2 * count(expected_numerator) >= count(*) as is_expected,
        max_by(expected_value, calendar_day) as last_expected_value,
        {{ sum_of_doubles('expected_numerator') }} / nullif(count(expected_numerator), 0) as expected_numerator,
        {{ sum_of_doubles('expected_denominator') }} / nullif(count(expected_denominator), 0) as expected_denominator,
        cast(sum(numerator) as double) / count(*) as mean_numerator,
        cast(sum(denominator) as double) / count(*) as mean_denominator
    from {{ ref('kpi_daily') }}
    group by cast(date_trunc('month', calendar_day) as date), channel, region, customer_type, kpi

),

valued as (

    select
        days.*,
        months.days_since_month,
        additive.kpi is not null as is_additive,
        coalesce(counted.numerator, 0) as numerator,
        case when days.is_ratio then coalesce(counted.denominator, 0) end as denominator,
        {{ kpi_value('counted', 'days.is_ratio') }} as value
    from days
    inner join {{ ref('int_months') }} as months on days.calendar_month = months.calendar_month
    left join additive on days.kpi = additive.kpi
    left join counted
        on days.calendar_month = counted.period_on
        and days.channel = counted.channel
        and days.region = counted.region
        and days.customer_type = counted.customer_type
        and days.kpi = counted.kpi

)

select
    calendar_month,
    channel,
    region,
    customer_type,
    kpi,

    cast(numerator as decimal(18,3)) as numerator,
    cast(denominator as decimal(18,3)) as denominator,
    value,
    lag(value) over cell as last_period_value,
    lag(value, 12) over cell as last_year_value,
    case
        when is_stock then last_expected_value
        when not is_expected then null
        when is_additive then day_count * expected_numerator
        when is_ratio
            then lag(value) over cell
                * (expected_numerator / nullif(expected_denominator, 0))
                / nullif(lag(mean_numerator / nullif(mean_denominator, 0)) over cell, 0)
        else lag(value) over cell * expected_numerator / nullif(lag(mean_numerator) over cell, 0)
    end as expected_value,

    days_since_month >= 0 as is_complete
from valued
window cell as (partition by kpi, channel, region, customer_type order by calendar_month nulls last)

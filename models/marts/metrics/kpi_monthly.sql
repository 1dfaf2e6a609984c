-- Each key figure of a month beside that of the month before, of the same month a year before, and what was to be expected of
-- its days (kpi_daily). What adds up was expected to be their sum; people, shares and means do not, and were expected to
-- change from the month before as much as the mean of the days does.
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
        max(denominator) is not null as is_ratio,
        {{ sum_of_doubles('value') }} / nullif(count(value), 0) as mean_value,
        {{ sum_of_doubles('expected_value') }} / nullif(count(expected_value), 0) as mean_expected_value,
        case
            when count(expected_value) = count(*) then {{ sum_of_doubles('expected_value') }}
        end as expected_sum
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
        case
            when days.is_ratio
                then cast(coalesce(counted.numerator, 0) as double) / nullif(cast(counted.denominator as double), 0)
            else cast(coalesce(counted.numerator, 0) as double)
        end as value
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
        when is_additive then expected_sum
        else lag(value) over cell * mean_expected_value / nullif(lag(mean_value) over cell, 0)
    end as expected_value,

    days_since_month >= 0 as is_complete
from valued
window cell as (partition by kpi, channel, region, customer_type order by calendar_month nulls last)

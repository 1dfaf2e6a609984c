-- Key figures of each stretch of days, by channel and region (orchestration/report/stretches.sql). How sure that is which was expected,
-- the last half year tells: of its stretches of as many days, one a week and 26 in all, eight of ten came to between low and
-- high of what was expected of them; fewer than twenty tell nothing. The limits lie between the second and third from either
-- end, 2.7 of 27, so that a new week falls beyond them in one of ten cases each: shares of the 26 themselves hold three of
-- four new ones. Of ratios, and of longer periods, of which half a year holds too few, there is no such range. What orders
-- came to stands in cells, and who came or left in moves, for which this has the expectation alone.
with summed as (

    select figures.*
    from stretch_figures as figures
    inner join frames using (period, frame)
    where frames.is_known
        and figures.kpi in (
            'net_revenue', 'orders', 'average_order_value', 'new_customers', 'reactivated_customers', 'churned_customers',
            'visits', 'conversion_rate', 'marketing_spend'
        )

),

days as (

    select calendar_day, kpi, channel, region, numerator, denominator, expected_numerator
    from marts.kpi_daily
    where customer_type = 'all'
        and kpi in (select kpi from summed)

),

pasts as (

    select distinct frames.period, frames.ends_on - 7 * cast(back as integer) as ends_on, cast(frames.ends_on - frames.starts_on as integer) as days_long
    from frames
    cross join range(1, 30) as weeks (back)
    where frames.frame = 'now'
        and frames.period in ('week', 'four_weeks')
        and 7 * back between frames.ends_on - frames.starts_on and frames.ends_on - frames.starts_on + 175

),

missed as (

    select
        pasts.period,
        days.kpi,
        days.channel,
        days.region,
        pasts.ends_on,
        sum(days.numerator) / nullif(sum(days.expected_numerator), 0) as ratio
    from pasts
    inner join days on days.calendar_day >= pasts.ends_on - pasts.days_long and days.calendar_day < pasts.ends_on
    where days.denominator is null
        and days.expected_numerator is not null
    group by pasts.period, days.kpi, days.channel, days.region, pasts.ends_on
    having count(*) = any_value(pasts.days_long)

),

ranges as (

    select period, kpi, channel, region, quantile_cont(ratio, 0.068) as low_ratio, quantile_cont(ratio, 0.932) as high_ratio
    from missed
    group by period, kpi, channel, region
    having count(ratio) >= 20

)

select
    summed.period,
    summed.frame,
    summed.kpi,
    summed.channel,
    summed.region as place,
    if(summed.kpi in ('visits', 'conversion_rate', 'marketing_spend'), cast(summed.numerator as double), null) as numerator,
    if(summed.kpi = 'conversion_rate', cast(summed.denominator as double), null) as denominator,
    case
        when summed.kpi = 'conversion_rate' then summed.denominator
        when summed.kpi <> 'marketing_spend' then summed.numerator
    end as people,
    if(frame = 'now', summed.expected_numerator, null) as expected_numerator,
    if(frame = 'now', summed.expected_denominator, null) as expected_denominator,
    if(frame = 'now', summed.expected_numerator * ranges.low_ratio, null) as low,
    if(frame = 'now', summed.expected_numerator * ranges.high_ratio, null) as high
from summed
left join ranges using (period, kpi, channel, region)
order by all

-- What each of the last 53 weeks was expected to bring, and the range in which eight of ten such weeks fall, by the 26 weeks
-- before it (see figures.sql); a week with a day of which nothing was expected has none.
with weekly as (

    select
        daily.channel,
        daily.region as place,
        cast(floor((publication.as_of_date - 1 - daily.calendar_day) / 7) as integer) as weeks_back,
        cast(sum(daily.numerator) as double) as amount,
        sum(daily.expected_numerator) as expected
    from marts.kpi_daily as daily
    cross join marts.publication as publication
    where daily.kpi = 'net_revenue'
        and daily.customer_type = 'all'
        and daily.calendar_day >= publication.as_of_date - 7 * 80
    group by daily.channel, daily.region, weeks_back
    having count(daily.expected_numerator) = 7

),

ranged as (

    select
        *,
        quantile_cont(amount / nullif(expected, 0), 0.068) over before as low_ratio,
        quantile_cont(amount / nullif(expected, 0), 0.932) over before as high_ratio,
        count(*) over before as weeks_before
    from weekly
    window before as (
        partition by channel, place order by weeks_back desc rows between 26 preceding and 1 preceding
    )

)

select
    place,
    channel,
    weeks_back,
    expected,
    if(weeks_before >= 20, expected * low_ratio, null) as low,
    if(weeks_before >= 20, expected * high_ratio, null) as high
from ranged
where weeks_back < 53
order by place, channel, weeks_back

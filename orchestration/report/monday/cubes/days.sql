-- The last year day by day, for the calendar, by channel or by region, with how many people stand behind each day: its
-- buyers, or else its guests.
with days as (

    select
        calendar_day,
        channel,
        region as place,
        any_value(event_name_en) as event_en,
        any_value(event_name_zh) as event_zh,
        cast(max(numerator) filter (where kpi = 'net_revenue' and customer_type = 'all') as double) as net_amount,
        max(expected_value) filter (where kpi = 'net_revenue' and customer_type = 'all') as expected,
        coalesce(
            nullif(max(numerator) filter (where kpi = 'buyers' and customer_type = 'all'), 0),
            max(numerator) filter (where kpi = 'orders' and customer_type = 'unknown'),
            0
        ) as people
    from marts.kpi_daily
    where kpi in ('net_revenue', 'buyers', 'orders')
        and (channel = 'all' or region = 'all')
        and calendar_day >= (select as_of_date - 371 from marts.publication)
    group by calendar_day, channel, region

)

select
    place,
    channel,
    (select as_of_date from marts.publication) - 1 - calendar_day as days_back,
    net_amount,
    expected,
    cast(people as bigint) as people,
    event_en,
    event_zh
from days
order by place, channel, days_back

-- The last year day by day, for the calendar. What was expected is known by channel and region alone.
select
    days.place,
    days.channel,
    days.segment,
    cast(publication.as_of_date - days.ends_on as integer) as days_back,
    cast(days.known_amount + days.guest_amount + days.other_amount as double) as net_amount,
    daily.expected_value as expected,
    days.people
from sold_in('day') as days
cross join marts.publication as publication
left join marts.kpi_daily as daily
    on days.starts_on = daily.calendar_day
    and days.channel = daily.channel
    and days.place = daily.region
    and days.segment = 'all'
    and daily.kpi = 'net_revenue'
    and daily.customer_type = 'all'
order by days.place, days.channel, days.segment, days_back

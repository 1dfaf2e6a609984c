-- The last year of those key figures of which no order tells, week by week.
select
    daily.kpi,
    daily.region as place,
    daily.channel,
    cast(floor((publication.as_of_date - 1 - daily.calendar_day) / 7) as integer) as weeks_back,
    cast(sum(daily.numerator) as double) as numerator,
    cast(sum(daily.denominator) as double) as denominator,
    sum(if(daily.kpi = 'conversion_rate', daily.denominator, daily.numerator)) as people
from marts.kpi_daily as daily
cross join marts.publication as publication
where daily.kpi in ('new_customers', 'reactivated_customers', 'churned_customers', 'visits', 'conversion_rate')
    and daily.customer_type = 'all'
    and daily.calendar_day >= publication.as_of_date - 7 * 53
group by daily.kpi, daily.region, daily.channel, weeks_back
order by daily.kpi, daily.region, daily.channel, weeks_back

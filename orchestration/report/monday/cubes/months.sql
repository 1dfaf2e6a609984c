-- How many buyers were to be expected in the last month that is over, which no sum of days can tell.
select frames.period, monthly.kpi, monthly.channel, monthly.region as place, monthly.expected_value as expected
from frames
inner join marts.kpi_monthly as monthly on frames.starts_on = monthly.calendar_month
where frames.period = 'month'
    and frames.frame = 'now'
    and monthly.kpi = 'buyers'
    and monthly.customer_type = 'all'
order by all

-- Key figures of people in the last month that is over, and in those it is compared with, which no sum of days can tell.
select
    frames.period,
    frames.frame,
    monthly.kpi,
    monthly.channel,
    monthly.region as place,
    cast(monthly.numerator as double) as numerator,
    cast(monthly.denominator as double) as denominator,
    if(frames.frame = 'now', monthly.expected_value, null) as expected
from frames
inner join marts.kpi_monthly as monthly on frames.starts_on = monthly.calendar_month
where frames.period = 'month'
    and monthly.kpi in ('buyers', 'repeat_rate', 'active_customers')
    and monthly.customer_type = 'all'
order by all

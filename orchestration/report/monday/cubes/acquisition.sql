-- What each channel of marketing cost, whom it won and what those are worth so far and by expectation, month by month.
select
    performance_month,
    channel,
    spend_amount,
    acquired_count as people,
    revenue_amount,
    predicted_amount,
    payback_months,
    is_complete
from marts.channel_performance
where (spend_amount is not null or acquired_count is not null)
    and performance_month >= (select as_of_date - 800 from marts.publication)
order by performance_month, channel

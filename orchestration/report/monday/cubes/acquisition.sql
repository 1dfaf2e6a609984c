-- What each channel of marketing cost and whom it won, how many of those bought within a month and came back, and what they
-- are worth so far and by expectation, month by month; what is not over yet is null.
select
    performance.performance_month,
    performance.channel,
    performance.spend_amount,
    performance.acquired_count as people,
    steps.activated_count as activated,
    steps.retained_count as retained,
    performance.revenue_amount,
    performance.predicted_amount,
    performance.is_complete
from marts.channel_performance as performance
left join marts.aarrr_monthly as steps
    on performance.performance_month = steps.acquired_month
    and performance.channel = coalesce(steps.acquisition_channel, 'unknown')
where (performance.spend_amount is not null or performance.acquired_count is not null)
    and performance.performance_month >= (select as_of_date - 430 from marts.publication)
order by performance.performance_month, performance.channel

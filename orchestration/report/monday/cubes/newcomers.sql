-- Who bought for the first time, by the channel in which they did, and how many of them came back, month by month; what is
-- not over yet is null.
select
    cohort_month,
    if(grouping(first_channel) = 0, coalesce(first_channel, 'unknown'), 'all') as channel,
    sum(new_customer_count) as people,
    sum(converted_within_30_days_count) as within_30,
    sum(converted_within_60_days_count) as within_60,
    sum(converted_within_90_days_count) as within_90,
    bool_and(is_complete) as is_complete
from marts.new_customer_conversion
group by cohort_month, grouping sets ((), (first_channel))
order by cohort_month, channel

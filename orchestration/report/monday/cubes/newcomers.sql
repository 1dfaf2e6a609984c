-- Who bought for the first time, by the channel in which they did, and how many of them came back, month by month; what is
-- not over yet is null.
select
    cohort_month,
    coalesce(first_channel, 'unknown') as channel,
    new_customer_count as people,
    converted_within_30_days_count as within_30,
    converted_within_60_days_count as within_60,
    converted_within_90_days_count as within_90,
    spend_amount,
    is_complete
from marts.new_customer_conversion
order by cohort_month, channel

select
    channel,
    count(*) as customers,
    count(*) filter (where not is_permitted) as not_permitted,
    sum(sent_count) as sent_messages,
    sum(opened_count) / sum(sent_count) as opened_share,
    sum(clicked_count) / sum(sent_count) as clicked_share,
    sum(bought_after_count) / nullif(sum(judged_count), 0) as bought_after_share,
    count(best_hour) as with_hour,
    count(*) filter (where is_best_channel) as best_of_customers
from marts.customer_channel_preference
group by channel
order by sent_messages desc, channel

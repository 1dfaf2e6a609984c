-- Of those alone who had messages of both kinds, so that nobody is compared with somebody else.
select
    channel,
    count(*) as customers,
    sum(rested_sent_count) as rested_messages,
    sum(rested_opened_count) / sum(rested_sent_count) as rested_share,
    sum(pressed_sent_count) as pressed_messages,
    sum(pressed_opened_count) / sum(pressed_sent_count) as pressed_share,
    count(*) filter (where is_tired) as tired_customers
from marts.customer_channel_preference
where rested_sent_count > 0
    and pressed_sent_count > 0
    and opened_count is not null
group by channel
order by rested_messages desc, channel

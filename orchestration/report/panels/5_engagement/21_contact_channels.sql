with summed as (
    select
        channel,
        count(*) as customers,
        count(*) filter (where not is_permitted) as not_permitted,
        sum(sent_count) as sent_messages,
        sum(opened_count) / sum(sent_count) as opened_share,
        sum(clicked_count) / sum(sent_count) as clicked_share,
        sum(bought_after_count) / nullif(sum(judged_count), 0) as bought_after_share,
        -- Of those alone who had both, so that nobody is compared with somebody else.
        sum(rested_sent_count) filter (where pressed_sent_count > 0 and rested_sent_count > 0) as rested_messages,
        sum(pressed_sent_count) filter (where pressed_sent_count > 0 and rested_sent_count > 0) as pressed_messages,
        sum(rested_opened_count) filter (where pressed_sent_count > 0 and rested_sent_count > 0) as rested_opened,
        sum(pressed_opened_count) filter (where pressed_sent_count > 0 and rested_sent_count > 0) as pressed_opened,
        count(*) filter (where is_best_channel) as best_of_customers,
        count(*) filter (where is_tired) as tired_customers
    from marts.customer_channel_preference
    group by channel
)

select
    channel,
    customers,
    not_permitted,
    sent_messages,
    opened_share,
    clicked_share,
    bought_after_share,
    coalesce(rested_messages, 0) as rested_messages,
    coalesce(rested_opened / rested_messages, 0) as rested_opened_share,
    coalesce(pressed_messages, 0) as pressed_messages,
    coalesce(pressed_opened / pressed_messages, 0) as pressed_opened_share,
    best_of_customers,
    tired_customers
from summed
order by sent_messages desc, channel

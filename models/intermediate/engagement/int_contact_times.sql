-- The hour around which a customer opens, and the weekday whose messages are opened, where it is more than chance. For the
-- hour chance is what others do in the channel within an hour of it, for the weekday what the customer does on all others: if
-- all messages are sent on one, that tells nobody's habit.
{%- set deviations = var('contact_time_min_deviations') %}

with openings as (

    select
        messages.customer_id,
        messages.channel,
        (
            extract(hour from {{ local_time('messages.opened_at', "'" ~ var('contact_time_zone') ~ "'") }})
            + neighbours.hours + 24
        ) % 24 as hour_of_day,
        neighbours.hours = 0 as is_own
    from {{ ref('int_message_responses') }} as messages
    cross join (select -1 as hours union all select 0 union all select 1) as neighbours
    where messages.opened_at is not null

),

nearby as (

    select
        customer_id,
        channel,
        hour_of_day,
        count(*) as near_count,
        count(*) filter (where is_own) as own_count
    from openings
    group by customer_id, channel, hour_of_day

),

around_hours as (

    select
        nearby.*,
        {{ surprise(
            'near_count',
            'cast(sum(near_count) over (partition by channel, hour_of_day) as double)'
            ~ ' * sum(own_count) over (partition by customer_id, channel)'
            ~ ' / sum(own_count) over (partition by channel)'
        ) }} as deviations
    from nearby

),

days as (

    select
        customer_id,
        channel,
        sent_weekday,
        count(*) as message_count,
        count(*) filter (where is_opened) as opened_count
    from {{ ref('int_message_responses') }} as messages
    group by customer_id, channel, sent_weekday

),

on_days as (

    select
        days.*,
        {{ share_surprise(
            'opened_count',
            'message_count',
            '(sum(opened_count) over all_days) - opened_count',
            '(sum(message_count) over all_days) - message_count'
        ) }} as deviations,
        count(*) over all_days as weekday_count
    from days
    window all_days as (partition by customer_id, channel)

),

ranked as (

    select
        customer_id,
        channel,
        hour_of_day,
        cast(null as bigint) as sent_weekday,
        deviations,
        row_number() over (
            partition by customer_id, channel
            order by deviations desc nulls last, own_count desc nulls last, hour_of_day nulls last
        ) as place
    from around_hours
    union all
    select
        customer_id,
        channel,
        null,
        sent_weekday,
        deviations,
        row_number() over (
            partition by customer_id, channel
            order by deviations desc nulls last, sent_weekday nulls last
        )
    from on_days
    where weekday_count > 1

)

select
    customer_id,
    channel,
    cast(max(hour_of_day) as bigint) as best_hour,
    cast(max(sent_weekday) as bigint) as best_weekday
from ranked
where place = 1
    and deviations >= {{ deviations }}
group by customer_id, channel

-- How each customer responds to what they are sent through a channel, through which one they respond best, when, and
-- whether they tire of it. The rested messages are those that came after few others in the days before, the pressed ones
-- after more.
{%- set is_rested = 'messages.earlier_contact_count <= ' ~ whole_number('fatigue_contacts', 0) %}

with messages as (

    select
        messages.customer_id,
        messages.channel,
        count(*) as sent_count,
        count(*) filter (where messages.is_opened) as opened_count,
        count(*) filter (where messages.is_clicked) as clicked_count,
        count(*) filter (where messages.sent_on >= latest.as_of_date - {{ whole_number('fatigue_days', 1) }})
            as recent_sent_count,
        count(*) filter (where {{ is_rested }}) as rested_sent_count,
        count(*) filter (where {{ is_rested }} and messages.is_opened) as rested_opened_count
    from {{ ref('int_message_responses') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    group by messages.customer_id, messages.channel

),

described as (

    select
        messages.*,
        messages.sent_count - messages.rested_sent_count as pressed_sent_count,
        messages.opened_count - messages.rested_opened_count as pressed_opened_count,
        purchases.message_count as judged_count,
        purchases.response_count as bought_after_count,
        purchases.usual_share as usual_bought_after_share,
        purchases.likeness as bought_after_likeness,
        purchases.expected_share as expected_bought_after_share,
        openings.customer_id is not null as tells_openings,
        openings.usual_share as usual_opened_share,
        openings.likeness as opened_likeness,
        openings.expected_share as expected_opened_share,
        coalesce(permissions.is_permitted, false) as is_permitted,
        coalesce(messages.channel = best.best_channel, false) as is_best_channel,
        case when messages.channel = best.best_channel then best.best_by end as best_by,
        times.best_hour,
        times.best_weekday
    from messages
    left join {{ ref('int_channel_responses') }} as purchases
        on messages.customer_id = purchases.customer_id
        and messages.channel = purchases.channel
        and purchases.response = 'purchase'
    left join {{ ref('int_channel_responses') }} as openings
        on messages.customer_id = openings.customer_id
        and messages.channel = openings.channel
        and openings.response = 'opening'
    left join {{ ref('int_contact_permissions') }} as permissions
        on messages.customer_id = permissions.customer_id
        and messages.channel = permissions.channel
    left join {{ ref('int_best_channels') }} as best on messages.customer_id = best.customer_id
    left join {{ ref('int_contact_times') }} as times
        on messages.customer_id = times.customer_id
        and messages.channel = times.channel

)

select
    customer_id,
    channel,

    best_by,

    sent_count,
    case when tells_openings then opened_count end as opened_count,
    case when tells_openings then clicked_count end as clicked_count,
    coalesce(judged_count, 0) as judged_count,
    coalesce(bought_after_count, 0) as bought_after_count,
    recent_sent_count,
    rested_sent_count,
    pressed_sent_count,
    case when tells_openings then rested_opened_count end as rested_opened_count,
    case when tells_openings then pressed_opened_count end as pressed_opened_count,
    expected_opened_share,
    usual_opened_share,
    (1 - opened_likeness) / nullif(opened_likeness, 0) as opened_prior_messages,
    expected_bought_after_share,
    usual_bought_after_share,
    (1 - bought_after_likeness) / nullif(bought_after_likeness, 0) as bought_after_prior_messages,
    best_hour,
    best_weekday,

    is_permitted,
    is_best_channel,
    -- Fewer openings under pressure than of all messages, by more than chance.
    case
        when tells_openings
            then {{ surprise('pressed_opened_count', 'cast(opened_count as double) * pressed_sent_count / sent_count') }}
                <= -{{ var('preference_min_deviations') }}
    end as is_tired
from described

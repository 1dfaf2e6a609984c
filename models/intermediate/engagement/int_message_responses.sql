-- What became of each message to a known customer. Openings and clicks belong to the last message of the campaign that was
-- sent to the account before them, and a click opens; the purchase is the first after the message. A response that could
-- still come is null. Of what only its day is told, messages come first on it, purchases then, and openings last.
{%- set response_days = whole_number('contact_response_days', 1) %}

with steps as (

    select
        messages.*,
        case when messages.occurred_at is not null then 1 when messages.touch_type = 'sent' then 0 else 2 end as part_of_day
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    where messages.customer_id is not null
        and messages.touch_type in ('sent', 'opened', 'clicked')

),

numbered as (

    select
        steps.*,
        sum(case when touch_type = 'sent' then 1 else 0 end) over (
            partition by account_id, campaign_id, channel
            order by occurred_on nulls last, part_of_day nulls last, occurred_at nulls last,
                case when touch_type = 'sent' then 0 else 1 end nulls last, touch_id nulls last
            rows between unbounded preceding and current row
        ) as message_number
    from steps

),

answered as (

    select
        max(touch_id) filter (where touch_type = 'sent') as message_id,
        customer_id,
        channel,
        max(occurred_at) filter (where touch_type = 'sent') as sent_at,
        max(occurred_on) filter (where touch_type = 'sent') as sent_on,
        min(occurred_at) filter (where touch_type <> 'sent') as opened_at,
        count(*) filter (where touch_type <> 'sent') > 0 as is_opened,
        count(*) filter (where touch_type = 'clicked') > 0 as is_clicked
    from numbered
    where message_number > 0
    group by customer_id, account_id, campaign_id, channel, message_number

),

-- Messages and purchases of who got one in one order of time, so that one pass finds the purchase after each message.
happened as (

    select
        message_id,
        customer_id,
        channel,
        sent_at as happened_at,
        sent_on,
        opened_at,
        is_opened,
        is_clicked,
        cast(null as date) as purchased_on
    from answered
    union all
    select
        purchases.order_id,
        purchases.customer_id,
        null,
        orders.ordered_at,
        null,
        null,
        null,
        null,
        orders.ordered_on
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    semi join answered on purchases.customer_id = answered.customer_id
    where purchases.is_purchase

),

followed as (

    select
        happened.*,
        min(purchased_on) over (
            partition by customer_id
            order by coalesce(sent_on, purchased_on) nulls last,
                case when happened_at is not null then 2 when sent_on is null then 1 else 0 end nulls last, happened_at nulls last,
                case when sent_on is null then 0 else 1 end nulls last, message_id nulls last
            rows between current row and unbounded following
        ) as next_purchase_on,
        sum(case when sent_on is null then 0 else 1 end) over (
            partition by customer_id
            order by {{ days_between("cast('1970-01-01' as date)", 'coalesce(sent_on, purchased_on)') }} nulls last
            range between {{ whole_number('fatigue_days', 1) }} preceding and 1 preceding
        ) as earlier_contacts
    from happened

)

select
    followed.message_id,
    followed.customer_id,
    followed.channel,
    followed.happened_at as sent_at,
    followed.sent_on,
    {{ iso_weekday('followed.sent_on') }} as sent_weekday,
    followed.opened_at,
    followed.is_opened,
    followed.is_clicked,
    case
        when {{ days_between('followed.sent_on', 'latest.as_of_date') }} > {{ response_days }}
            then coalesce({{ days_between('followed.sent_on', 'followed.next_purchase_on') }} <= {{ response_days }}, false)
    end as is_bought_after,
    cast(coalesce(followed.earlier_contacts, 0) as bigint) as earlier_contact_count
from followed
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
where followed.sent_on is not null

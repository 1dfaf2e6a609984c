-- What key figures count beside orders: customers who came and left, visits of customers who are known and whether they
-- bought in them, messages that were sent, and what marketing cost. But for the first, they are of no way of selling and of
-- no region, so that they are in the figures of all alone.
with purchases as (

    select distinct session_id
    from {{ ref('int_purchase_sessions') }}
    where session_id is not null

),

contacts as (

    select
        sessions.session_id as event_id,
        case when purchases.session_id is null then 'visit' else 'buying_visit' end as event,
        sessions.customer_id,
        sessions.started_on as occurred_on
    from {{ ref('int_sessions') }} as sessions
    left join purchases on sessions.session_id = purchases.session_id
    where sessions.customer_id is not null
    union all
    select touch_id, 'message', customer_id, occurred_on
    from {{ ref('int_messages') }}
    where touch_type = 'sent'

),

events as (

    select
        customer_id || '|' || cast(as_of_date as string) as event_id,
        move as event,
        customer_id,
        channel,
        region,
        case when move = 'acquired' then 'new' else 'regular' end as customer_type,
        cast(null as decimal(18,2)) as spend_amount,
        moved_on as occurred_on
    from {{ ref('int_customer_moves') }}
    union all
    select
        contacts.event_id,
        contacts.event,
        contacts.customer_id,
        null,
        null,
        {{ customer_type('contacts.customer_id', 'contacts.occurred_on', 'beginnings.first_purchase_on') }},
        null,
        contacts.occurred_on
    from contacts
    left join {{ ref('int_first_purchases') }} as beginnings on contacts.customer_id = beginnings.customer_id
    union all
    select channel_spend_id, 'spend', null, null, null, 'unknown', converted_amount, spent_on
    from {{ accepted('channel_spend') }} as spend

)

select events.*
from events
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and events.occurred_on < latest.as_of_date

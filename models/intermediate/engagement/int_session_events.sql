-- The accepted events with the session and the visitor that each belongs to.
select
    events.event_id,
    events.session_id,
    sessions.customer_id,
    sessions.visitor_id,
    events.occurred_at,
    events.occurred_on,
    events.event_type,
    events.page_kind,
    events.product_id,
    sessions.channel,
    events.event_number
from {{ ref('int_sessionised_events') }} as events
inner join {{ ref('int_sessions') }} as sessions on events.session_id = sessions.session_id

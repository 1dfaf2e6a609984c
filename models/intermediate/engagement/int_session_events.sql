-- The accepted events with the session and the visitor that each belongs to, in their order.
select
    events.event_id,
    sessions.session_id,
    sessions.customer_id,
    sessions.visitor_id,
    events.occurred_at,
    events.occurred_on,
    events.event_type,
    events.page_kind,
    events.product_id,
    sessions.channel,
    cast(
        row_number() over (
            partition by sessions.session_id order by events.occurred_at nulls last, events.event_id nulls last
        ) as bigint
    ) as event_number
from {{ ref('int_visitor_events') }} as events
inner join {{ ref('int_session_pieces') }} as pieces
    on events.visitor_key = pieces.visitor_key
    and events.piece_hour = pieces.piece_hour
    and events.piece_number = pieces.piece_number
    and events.piece_event_id is not distinct from pieces.piece_event_id
inner join {{ ref('int_sessions') }} as sessions on pieces.session_id = sessions.session_id

-- The accepted events with the session and the visitor that each belongs to, in their order. Sessions and events of a
-- visitor are sorted together, each session before its first event, and none is joined with another by its time.
with moments as (

    select
        visitor_key,
        started_at as happened_at,
        begun_event_id as piece_event_id,
        session_id,
        events_before,
        cast(null as string) as event_id,
        cast(null as date) as occurred_on,
        cast(null as string) as event_type,
        cast(null as string) as page_kind,
        cast(null as string) as product_id
    from {{ ref('int_sessions') }}
    union all
    select
        visitor_key,
        occurred_at,
        piece_event_id,
        null,
        null,
        event_id,
        occurred_on,
        event_type,
        page_kind,
        product_id
    from {{ ref('int_visitor_events') }} as events

),

placed as (

    select
        moments.*,
        {{ last_known('session_id') }} over so_far as last_session_id,
        (count(event_id) over so_far) - ({{ last_known('events_before') }} over so_far) as event_number
    from moments
    window so_far as (
        partition by visitor_key
        order by happened_at nulls last, piece_event_id nulls last, coalesce(event_id, '') nulls last
        rows between unbounded preceding and current row
    )

)

select
    placed.event_id,
    sessions.session_id,
    sessions.customer_id,
    placed.happened_at as occurred_at,
    placed.occurred_on,
    placed.event_type,
    placed.page_kind,
    placed.product_id,
    placed.event_number
from placed
inner join {{ ref('int_sessions') }} as sessions on placed.last_session_id = sessions.session_id
where placed.event_id is not null

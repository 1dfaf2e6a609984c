-- Which pieces of a visitor's time are one session: those with no gap of more than session_gap_minutes between them. Where
-- somebody else logs in soon after, a session of theirs begins.
with pieces as (

    select
        visitor_key,
        piece_hour,
        piece_number,
        piece_event_id,
        min(logged_in_customer_id) as customer_id,
        min(source_system) as source_system,
        {{ first_told('channel', 'occurred_at') }} as channel,
        {{ first_told('page_kind', 'occurred_at') }} as entry_page_kind,
        {{ last_told('page_kind', 'occurred_at') }} as exit_page_kind,
        count(*) as event_count,
        sum(dwell_seconds) as dwell_seconds,
        count(*) filter (where event_type = 'view') as view_count,
        count(*) filter (where event_type = 'search') as search_count,
        count(*) filter (where event_type = 'cart') as cart_count,
        count(*) filter (where event_type = 'checkout') as checkout_count,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        min(occurred_on) as started_on
    from {{ ref('int_visitor_events') }} as events
    group by visitor_key, piece_hour, piece_number, piece_event_id

),

followed as (

    select
        pieces.*,
        max(ended_at) over earlier as previous_at,
        max(case when customer_id is not null then ended_at end) over earlier as known_at,
        {{ last_known('customer_id') }} over earlier as known_customer_id
    from pieces
    window earlier as (
        partition by visitor_key order by started_at nulls last, piece_event_id nulls last
        rows between unbounded preceding and 1 preceding
    )

),

marked as (

    select
        followed.*,
        case
            when previous_at is null
                or started_at > previous_at + interval '{{ var("session_gap_minutes") }}' minute
                or (
                    customer_id <> known_customer_id
                    and started_at <= known_at + interval '{{ var("session_gap_minutes") }}' minute
                )
                then {{ hash_key(['visitor_key', 'started_at', 'piece_event_id']) }}
        end as begun_session_id
    from followed

)

select
    {{ last_known('begun_session_id') }} over (
        partition by visitor_key order by started_at nulls last, piece_event_id nulls last
        rows between unbounded preceding and current row
    ) as session_id,
    visitor_key,
    piece_hour,
    piece_number,
    piece_event_id,
    customer_id,
    source_system,
    channel,
    entry_page_kind,
    exit_page_kind,
    event_count,
    dwell_seconds,
    view_count,
    search_count,
    cart_count,
    checkout_count,
    started_at,
    ended_at,
    started_on
from marked

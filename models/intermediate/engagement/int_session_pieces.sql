-- What a visitor did in each piece of their time, and whether that is a session by itself, as nine of ten are: nothing else
-- happened within session_gap_minutes before or after it. Who it was is carried only where several people are logged in on
-- a device: of any other it is its only customer, so that no text is sorted with millions of pieces.
with pieces as (

    select
        visitor_key,
        piece_number,
        piece_event_id,
        min(case when piece_event_id is not null then logged_in_customer_id end) as customer_id,
        count(logged_in_customer_id) as known_count,
        min(source_system) as source_system,
        {{ first_told('channel', 'occurred_at') }} as channel,
        {{ first_told('page_kind', 'occurred_at') }} as entry_page_kind,
        {{ last_told('page_kind', 'occurred_at') }} as exit_page_kind,
        count(*) as event_count,
        cast(sum(dwell_seconds) as decimal(18,2)) as dwell_seconds,
        count(*) filter (where event_type = 'view') as view_count,
        count(*) filter (where event_type = 'search') as search_count,
        count(*) filter (where event_type = 'cart') as cart_count,
        count(*) filter (where event_type = 'checkout') as checkout_count,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        min(occurred_on) as started_on
    from {{ ref('int_visitor_events') }} as events
    group by visitor_key, piece_number, piece_event_id

),

placed as (

    select
        pieces.*,
        lag(ended_at) over pieces_of_visitor as previous_at,
        lead(started_at) over pieces_of_visitor as next_at
    from pieces
    window pieces_of_visitor as (
        partition by visitor_key order by started_at nulls last, piece_event_id nulls last
    )

)

select
    placed.*,
    piece_event_id is null
    and coalesce(started_at > previous_at + interval '{{ var("session_gap_minutes") }}' minute, true)
    and coalesce(next_at > ended_at + interval '{{ var("session_gap_minutes") }}' minute, true) as is_whole_session
from placed

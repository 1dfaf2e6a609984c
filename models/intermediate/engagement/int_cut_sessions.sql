-- Pieces of a visitor's time are one session where there is no gap of more than session_gap_minutes between them. Where
-- somebody else logs in soon after, a session of theirs begins. What is a session by itself is neither sorted again nor
-- grouped: for nine pieces of ten that would cost as much as grouping the events.
with pieces as (

    select * from {{ ref('int_session_pieces') }}

),

followed as (

    select
        pieces.*,
        max(case when customer_id is not null then ended_at end) over earlier as known_at,
        {{ last_known('customer_id') }} over earlier as known_customer_id
    from pieces
    where not is_whole_session
    window earlier as (
        partition by visitor_key order by started_at nulls last, piece_event_id nulls last
        rows between unbounded preceding and 1 preceding
    )

),

marked as (

    select
        followed.*,
        previous_at is null
        or started_at > previous_at + interval '{{ var("session_gap_minutes") }}' minute
        or (
            coalesce(customer_id <> known_customer_id, false)
            and started_at <= known_at + interval '{{ var("session_gap_minutes") }}' minute
        ) as is_begin
    from followed

),

numbered as (

    select
        marked.*,
        count(case when is_begin then 1 end) over (
            partition by visitor_key order by started_at nulls last, piece_event_id nulls last
            rows between unbounded preceding and current row
        ) as session_number
    from marked

)

select
    visitor_key,
    min(case when is_begin then piece_event_id end) as begun_event_id,
    min(customer_id) as customer_id,
    max(customer_id) as other_customer_id,
    sum(known_count) > 0 as is_known,
    min(source_system) as source_system,
    {{ first_told('channel', 'started_at') }} as channel,
    {{ first_told('entry_page_kind', 'started_at') }} as entry_page_kind,
    {{ last_told('exit_page_kind', 'started_at') }} as exit_page_kind,
    cast(sum(event_count) as bigint) as event_count,
    cast(sum(dwell_seconds) as decimal(18,2)) as dwell_seconds,
    cast(sum(view_count) as bigint) as view_count,
    cast(sum(search_count) as bigint) as search_count,
    cast(sum(cart_count) as bigint) as cart_count,
    cast(sum(checkout_count) as bigint) as checkout_count,
    min(started_at) as started_at,
    max(ended_at) as ended_at,
    min(started_on) as started_on
from numbered
group by visitor_key, session_number
union all
select
    visitor_key,
    null,
    null,
    null,
    known_count > 0,
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
from pieces
where is_whole_session

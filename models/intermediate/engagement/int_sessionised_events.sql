-- Which events are one visit: those of a device, or of an account where no device is told, with no gap of more than
-- session_gap_minutes. Where somebody else logs in soon after, a session of theirs begins. Two sorts of the events, by
-- the same order, and none of them is joined with another.
with attributed as (

    select
        events.event_id,
        events.source_system,
        coalesce(events.device_id, events.account_id) as visitor_key,
        account_customers.customer_id as logged_in_customer_id,
        events.event_type,
        events.page_kind,
        events.channel,
        events.product_id,
        events.dwell_seconds,
        events.occurred_at,
        events.occurred_on
    from {{ accepted('events') }} as events
    left join {{ ref('int_account_customers') }} as account_customers
        on events.account_id = account_customers.account_id
    where coalesce(events.device_id, events.account_id) is not null
        and events.occurred_at is not null

),

followed as (

    select
        attributed.*,
        row_number() over visitors as visitor_event_number,
        max(occurred_at) over before as previous_at,
        max(case when logged_in_customer_id is not null then occurred_at end) over before as known_at,
        {{ last_known('logged_in_customer_id') }} over before as known_customer_id
    from attributed
    window visitors as (
        partition by visitor_key order by occurred_at nulls last, event_id nulls last
    ),
    before as (
        partition by visitor_key order by occurred_at nulls last, event_id nulls last
        rows between unbounded preceding and 1 preceding
    )

),

marked as (

    select
        followed.*,
        coalesce(occurred_at > previous_at + interval '{{ var("session_gap_minutes") }}' minute, true)
        or coalesce(
            logged_in_customer_id <> known_customer_id and occurred_at <= known_at + interval '{{ var("session_gap_minutes") }}' minute,
            false
        ) as begins_session
    from followed

),

begun as (

    select
        marked.*,
        {{ last_known('case when begins_session then event_id end') }} over so_far as session_id,
        max(case when begins_session then visitor_event_number end) over so_far as first_number
    from marked
    window so_far as (
        partition by visitor_key order by visitor_event_number nulls last
        rows between unbounded preceding and current row
    )

)

select
    session_id,
    event_id,
    source_system,
    visitor_key,
    logged_in_customer_id,
    event_type,
    page_kind,
    channel,
    product_id,
    dwell_seconds,
    occurred_at,
    occurred_on,
    cast(visitor_event_number - first_number + 1 as bigint) as event_number
from begun

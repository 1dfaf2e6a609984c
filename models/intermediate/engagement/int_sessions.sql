-- Whose a session is: the customer's who is logged in at any time of it, or else of its device's only customer, where
-- they are logged in on it within visitor_window_days before or after. On a device where two customers have ever been
-- logged in, or that the rules of identity refuse, nobody is guessed.
with neighbours as (

    select
        sessions.*,
        sum(event_count) over earlier as events_before,
        max(case when is_known then ended_at end) over earlier as known_before,
        min(case when is_known then started_at end) over later as known_after
    from {{ ref('int_cut_sessions') }} as sessions
    window earlier as (
        partition by visitor_key order by started_at nulls last, begun_event_id nulls last
        rows between unbounded preceding and 1 preceding
    ),
    later as (
        partition by visitor_key order by started_at nulls last, begun_event_id nulls last
        rows between 1 following and unbounded following
    )

),

identified as (

    select
        neighbours.*,
        case
            when visitors.is_shared and neighbours.customer_id = neighbours.other_customer_id then neighbours.customer_id
            when neighbours.is_known then visitors.customer_id
        end as account_customer_id,
        case
            when not neighbours.is_known
                and not visitors.is_refused
                and (
                    neighbours.started_at <= neighbours.known_before + interval '{{ var("visitor_window_days") }}' day
                    or neighbours.ended_at >= neighbours.known_after - interval '{{ var("visitor_window_days") }}' day
                )
                then visitors.customer_id
        end as device_customer_id
    from neighbours
    left join {{ ref('int_visitors') }} as visitors on neighbours.visitor_key = visitors.visitor_key

)

select
    {{ hash_key(['visitor_key', 'started_at', 'begun_event_id']) }} as session_id,
    visitor_key,
    begun_event_id,
    coalesce(account_customer_id, device_customer_id, {{ contact_hash('visitor_key') }}) as visitor_id,
    coalesce(account_customer_id, device_customer_id) as customer_id,
    case
        when account_customer_id is not null then 'account'
        when device_customer_id is not null then 'device'
    end as identified_by,
    source_system,
    coalesce(channel, 'unknown') as channel,
    entry_page_kind,
    exit_page_kind,
    event_count,
    cast(coalesce(events_before, 0) as bigint) as events_before,
    dwell_seconds,
    view_count,
    search_count,
    cart_count,
    checkout_count,
    started_at,
    ended_at,
    started_on,
    -- The day by the clocks that are last: nothing that is bought in the session is of an earlier one, whatever the shop's clock.
    cast(started_at - interval '12' hour as date) as earliest_on
from identified

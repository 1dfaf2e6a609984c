-- Whose a session is: the customer's who is logged in at any time of it, or else of its device's only customer, where
-- they are logged in on it within visitor_window_days before or after. On a device where two customers have ever been
-- logged in, or that the rules of identity refuse, nobody is guessed.
with sessions as (

    select
        session_id,
        visitor_key,
        min(source_system) as source_system,
        min(customer_id) as customer_id,
        max(customer_id) as other_customer_id,
        {{ first_told('channel', 'started_at') }} as channel,
        {{ first_told('entry_page_kind', 'started_at') }} as entry_page_kind,
        {{ last_told('exit_page_kind', 'started_at') }} as exit_page_kind,
        sum(event_count) as event_count,
        sum(dwell_seconds) as dwell_seconds,
        sum(view_count) as view_count,
        sum(search_count) as search_count,
        sum(cart_count) as cart_count,
        sum(checkout_count) as checkout_count,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        min(started_on) as started_on
    from {{ ref('int_session_pieces') }} as pieces
    group by session_id, visitor_key

),

logged_in as (

    select
        sessions.*,
        case when customer_id = other_customer_id then customer_id end as account_customer_id
    from sessions

),

neighbours as (

    select
        logged_in.*,
        min(customer_id) over visitors as one_customer_id,
        max(other_customer_id) over visitors as last_customer_id,
        max(case when customer_id is not null then ended_at end) over earlier as known_before,
        min(case when customer_id is not null then started_at end) over later as known_after
    from logged_in
    window visitors as (partition by visitor_key),
    earlier as (
        partition by visitor_key order by started_at nulls last, session_id nulls last
        rows between unbounded preceding and 1 preceding
    ),
    later as (
        partition by visitor_key order by started_at nulls last, session_id nulls last
        rows between 1 following and unbounded following
    )

),

refused as (

    select identifier_value
    from {{ ref('int_identifier_verdicts') }}
    where identifier_type = 'device'
        and refusal_reason is not null

),

identified as (

    select
        neighbours.*,
        case
            when customer_id is null
                and refused.identifier_value is null
                and one_customer_id = last_customer_id
                and (
                    started_at <= known_before + interval '{{ var("visitor_window_days") }}' day
                    or ended_at >= known_after - interval '{{ var("visitor_window_days") }}' day
                )
                then one_customer_id
        end as device_customer_id
    from neighbours
    left join refused on neighbours.visitor_key = refused.identifier_value

)

select
    session_id,
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
    cast(event_count as bigint) as event_count,
    cast(dwell_seconds as decimal(18,2)) as dwell_seconds,
    cast(view_count as bigint) as view_count,
    cast(search_count as bigint) as search_count,
    cast(cart_count as bigint) as cart_count,
    cast(checkout_count as bigint) as checkout_count,
    started_at,
    ended_at,
    started_on
from identified

-- The events of visitors with the piece of time that each falls into. No piece is longer than the gap that ends a session,
-- so that whatever one visitor does in it is of one session: a fifth as many pieces as events are sorted, and no event.
-- Where several people are logged in on a device, each event is a piece of its own, since it matters who was first. The
-- device 0 is what systems write for none.
{%- set gap = var('session_gap_minutes') %}
{%- set piece_minutes = [60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1] | select('le', gap) | first %}

with shared_devices as (

    select visitor_key as device_id from {{ ref('int_visitors') }} where is_shared

)

select
    coalesce(nullif(events.device_id, '0'), events.account_id) as visitor_key,
    cast(floor({{ microseconds('events.occurred_at') }} / {{ piece_minutes * 60 * 1000000 }}) as bigint) as piece_number,
    case when shared_devices.device_id is not null then events.event_id end as piece_event_id,

    account_customers.customer_id as logged_in_customer_id,
    events.event_id,
    events.source_system,
    events.event_type,
    events.page_kind,
    events.channel,
    events.product_id,
    events.dwell_seconds,
    events.occurred_at,
    events.occurred_on
from {{ accepted('events') }} as events
left join {{ ref('int_account_customers') }} as account_customers on events.account_id = account_customers.account_id
left join shared_devices on events.device_id = shared_devices.device_id
where coalesce(nullif(events.device_id, '0'), events.account_id) is not null
    and events.occurred_at is not null

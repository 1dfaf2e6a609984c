-- What sessions count is what was accepted: each event that names a device or an account is in one session, and what was
-- bought within sessions, and beside them, is what the customers of all orders bought, to the cent.
-- Returns a row for each sum that differs.
with events as (

    select count(*) as expected_amount
    from {{ accepted('events') }} as events
    where coalesce(device_id, account_id) is not null
        and occurred_at is not null

),

purchases as (

    select coalesce(sum(net_amount), 0) as expected_amount
    from {{ ref('orders') }}
    where is_purchase
        and customer_id is not null

),

sums as (

    select 'events' as what, coalesce(sum(sessions.event_count), 0) as found_amount
    from {{ ref('sessions') }} as sessions
    union all
    select 'purchases', coalesce((select sum(net_amount) from {{ ref('sessions') }}), 0)
        + coalesce((select sum(net_amount) from {{ ref('int_purchase_sessions') }} where session_id is null), 0)

)

select sums.what, sums.found_amount, events.expected_amount
from sums
cross join events
where sums.what = 'events'
    and sums.found_amount <> events.expected_amount
union all
select sums.what, sums.found_amount, purchases.expected_amount
from sums
cross join purchases
where sums.what = 'purchases'
    and sums.found_amount <> purchases.expected_amount

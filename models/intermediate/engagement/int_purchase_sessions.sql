-- In which session each purchase was made: the latest that its customer had begun, where that went on then, or had ended
-- no longer ago than the gap that ends a session. What is bought in a store is bought in no session. Sessions and
-- purchases of a customer are sorted together, and none is joined with another.
with moments as (

    select
        customer_id,
        started_at as happened_at,
        session_id,
        ended_at + interval '{{ var("session_gap_minutes") }}' minute as open_until,
        cast(null as string) as order_id,
        cast(null as date) as ordered_on,
        cast(null as decimal(18,2)) as net_amount,
        false as is_online
    from {{ ref('int_sessions') }}
    where customer_id is not null
    union all
    select
        purchases.customer_id,
        orders.ordered_at,
        null,
        null,
        purchases.order_id,
        purchases.transacted_on,
        purchases.net_amount,
        coalesce(orders.channel not in ('{{ var("offline_channels") | join("', '") }}'), false)
    from {{ ref('int_transactions') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    where purchases.is_purchase
        and purchases.effective_to is null

),

preceded as (

    select
        moments.*,
        {{ last_known('session_id') }} over so_far as last_session_id,
        {{ last_known('open_until') }} over so_far as last_open_until
    from moments
    window so_far as (
        partition by customer_id
        order by happened_at nulls last, order_id nulls first, session_id nulls last
        rows between unbounded preceding and current row
    )

)

select
    order_id,
    customer_id,
    case when is_online and happened_at <= last_open_until then last_session_id end as session_id,
    happened_at as ordered_at,
    ordered_on,
    net_amount
from preceded
where order_id is not null

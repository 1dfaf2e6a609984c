-- All sessions are here, also those on or after the day of analysis. Whether nobody known has bought is unknown.
with bought as (

    select
        session_id,
        count(*) as order_count,
        sum(net_amount) as net_amount
    from {{ ref('int_purchase_sessions') }} as purchases
    where session_id is not null
    group by session_id

)

select
    sessions.session_id,
    sessions.visitor_id,
    sessions.customer_id,
    sessions.identified_by,
    sessions.source_system,

    sessions.channel,
    sessions.entry_page_kind,
    sessions.exit_page_kind,

    sessions.event_count,
    sessions.dwell_seconds,
    sessions.view_count,
    sessions.search_count,
    sessions.cart_count,
    sessions.checkout_count,
    case when sessions.customer_id is not null then coalesce(bought.order_count, 0) end as order_count,
    cast(
        case when sessions.customer_id is not null then coalesce(bought.net_amount, 0) end as decimal(18,2)
    ) as net_amount,

    sessions.view_count > 0 as has_view,
    sessions.cart_count > 0 as has_cart,
    sessions.checkout_count > 0 as has_checkout,
    case when sessions.customer_id is not null then bought.session_id is not null end as has_purchase,

    sessions.started_at,
    sessions.ended_at,
    sessions.started_on
from {{ ref('int_sessions') }} as sessions
left join bought on sessions.session_id = bought.session_id

-- A store's days, from the first on which it sold, or one of its customers came, to the day before that of analysis, also those
-- without a sale. Its size is what it sold on a mean day with a sale in the last store_days. Its peers are the stores that are next
-- to it in size: of the same kind of shop, up to store_peers larger and as many smaller ones that sold on that day. Since the larger
-- sells more, what is compared is what each sold by its size: net of the store ÷ (size × net of its peers ÷ their sizes).
{%- set counts = [
    'purchase_count', 'customer_count', 'member_purchase_count', 'located_purchase_count', 'local_purchase_count',
    'regional_purchase_count', 'new_customer_count', 'reactivated_customer_count', 'lost_customer_count'] %}

with lives as (

    select
        activity.store_id,
        stores.retail_type,
        min(activity.active_on) as began_on,
        cast(sum(activity.net_amount) filter (where activity.active_on >= bounds.sizes_from) as double)
            / nullif(count(*) filter (where activity.active_on >= bounds.sizes_from and activity.purchase_count > 0), 0)
            as mean_amount
    from {{ ref('int_store_days') }} as activity
    inner join {{ ref('stores') }} as stores on activity.store_id = stores.store_id
    cross join (
        select cast(as_of_date - interval '{{ var("store_days") }}' day as date) as sizes_from
        from {{ ref('int_as_of_dates') }}
        where is_latest
    ) as bounds
    group by activity.store_id, stores.retail_type

),

sizes as (

    -- Who has sold nothing for so long, or took back more than that, has no size, and is nobody's peer.
    select
        lives.*,
        case when mean_amount >= 0.01 then {{ round_half_up('mean_amount', 2) }} end as size_amount
    from lives

),

daily as (

    select
        sizes.store_id,
        sizes.retail_type,
        sizes.size_amount,
        days.calendar_day,
        days.iso_weekday,
        days.event,
        {%- for count in counts %}
        coalesce(activity.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        coalesce(activity.net_amount, 0) as net_amount,
        coalesce(activity.purchase_count, 0) > 0 as is_trading,
        coalesce(activity.purchase_count, 0) > 0 and sizes.size_amount is not null as is_comparable
    from sizes
    inner join {{ ref('int_calendar_days') }} as days on sizes.began_on <= days.calendar_day
    left join {{ ref('int_store_days') }} as activity
        on sizes.store_id = activity.store_id
        and days.calendar_day = activity.active_on

),

compared as (

    select
        daily.*,
        case when is_comparable then (count(*) over peers) - 1 else 0 end as peer_count,
        {%- for figure in ['purchase_count', 'net_amount', 'size_amount'] %}
        case when is_comparable then cast((sum({{ figure }}) over peers) - {{ figure }} as double) end as peers_{{ figure }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from daily
    window peers as (
        partition by calendar_day, retail_type, is_comparable
        order by size_amount nulls last, store_id nulls last
        rows between {{ var('store_peers') }} preceding and {{ var('store_peers') }} following
    )

)

select
    store_id,
    calendar_day,
    iso_weekday,
    event,
    is_trading,

    purchase_count,
    customer_count,
    member_purchase_count,
    cast(member_purchase_count as double) / nullif(purchase_count, 0) as member_share,
    located_purchase_count,
    local_purchase_count,
    regional_purchase_count,
    cast(net_amount as decimal(18,2)) as net_amount,

    new_customer_count,
    reactivated_customer_count,
    lost_customer_count,

    size_amount,
    peer_count,
    peers_purchase_count / nullif(peer_count, 0) as peer_purchase_count,
    peers_net_amount / nullif(peer_count, 0) as peer_net_amount,
    peers_size_amount / nullif(peer_count, 0) as peer_size_amount,
    cast(size_amount as double) * peers_net_amount / nullif(peers_size_amount, 0) as expected_amount
from compared

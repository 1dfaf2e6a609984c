-- A store's days, from the first on which it sold, or one of its customers came, to the day before that of analysis, also those
-- without a sale. Beside each stands the mean of the stores that are next to it in size: of the same kind of shop, up to
-- store_peers larger and as many smaller ones that sold on that day. Size is what was sold in the last store_days.
{%- set counts = ['purchase_count', 'customer_count', 'member_purchase_count', 'located_purchase_count',
    'local_purchase_count', 'new_customer_count', 'reactivated_customer_count', 'lost_customer_count'] %}

with sold as (

    select
        orders.store_id,
        orders.ordered_on,
        count(*) filter (where orders.is_purchase) as purchase_count,
        count(distinct orders.customer_id) filter (where orders.is_purchase) as customer_count,
        count(*) filter (where orders.is_purchase and orders.is_of_account) as member_purchase_count,
        count(customers.city || stores.city) filter (where orders.is_purchase) as located_purchase_count,
        count(*) filter (where orders.is_purchase and customers.city = stores.city) as local_purchase_count,
        sum(orders.net_amount) as net_amount
    from {{ ref('int_kpi_orders') }} as orders
    inner join {{ ref('stores') }} as stores on orders.store_id = stores.store_id
    left join {{ ref('int_customers') }} as customers on orders.customer_id = customers.customer_id
    group by orders.store_id, orders.ordered_on

),

moved as (

    select
        homes.store_id,
        moves.moved_on,
        count(*) filter (where moves.move = 'acquired') as new_customer_count,
        count(*) filter (where moves.move = 'reactivated') as reactivated_customer_count,
        count(*) filter (where moves.move = 'churned') as lost_customer_count
    from {{ ref('int_customer_moves') }} as moves
    inner join {{ ref('int_home_stores') }} as homes on moves.customer_id = homes.customer_id
    group by homes.store_id, moves.moved_on

),

activity as (

    select
        coalesce(sold.store_id, moved.store_id) as store_id,
        coalesce(sold.ordered_on, moved.moved_on) as active_on,
        {%- for count in counts %}
        {{ count }},
        {%- endfor %}
        sold.net_amount
    from sold
    full join moved on sold.store_id = moved.store_id and sold.ordered_on = moved.moved_on

),

sizes as (

    select
        activity.store_id,
        stores.retail_type,
        min(activity.active_on) as began_on,
        sum(case
            when activity.active_on >= latest.as_of_date - interval '{{ var("store_days") }}' day then activity.net_amount
        end) as size_amount
    from activity
    inner join {{ ref('stores') }} as stores on activity.store_id = stores.store_id
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    group by activity.store_id, stores.retail_type

),

daily as (

    select
        sizes.store_id,
        sizes.retail_type,
        coalesce(sizes.size_amount, 0) as size_amount,
        days.calendar_day,
        days.iso_weekday,
        days.event,
        {%- for count in counts %}
        coalesce(activity.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        coalesce(activity.net_amount, 0) as net_amount,
        coalesce(activity.purchase_count, 0) > 0 as is_trading
    from sizes
    inner join {{ ref('int_calendar_days') }} as days on sizes.began_on <= days.calendar_day
    left join activity on sizes.store_id = activity.store_id and days.calendar_day = activity.active_on

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
    cast(net_amount as decimal(18,2)) as net_amount,

    new_customer_count,
    reactivated_customer_count,
    lost_customer_count,

    case when is_trading then (count(*) over peers) - 1 else 0 end as peer_count,
    {%- for figure in ['purchase_count', 'net_amount'] %}
    case
        when is_trading
            then cast((sum({{ figure }}) over peers) - {{ figure }} as double) / nullif((count(*) over peers) - 1, 0)
    end as peer_{{ figure }}{{ ',' if not loop.last }}
    {%- endfor %}
from daily
window peers as (
    partition by calendar_day, retail_type, is_trading
    order by size_amount nulls last, store_id nulls last
    rows between {{ var('store_peers') }} preceding and {{ var('store_peers') }} following
)

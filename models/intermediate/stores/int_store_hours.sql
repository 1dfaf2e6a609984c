-- What was sold in each hour of a store's week, in the last store_days. A day counts when the store sold anything on it. An hour
-- without a sale is a zero where the store is open, and no row where it is closed; what is sold at a closed hour is kept, and so is
-- what nobody knows the hour of. Days of festivals are taken together.
with purchases as (

    select
        orders.store_id,
        orders.ordered_on,
        coalesce(orders.ordered_hour, -1) as hour_of_day,
        orders.net_amount,
        orders.is_of_account,
        days.day_kind,
        case when days.day_kind = 'festival' then 0 else days.iso_weekday end as iso_weekday
    from {{ ref('int_kpi_orders') }} as orders
    inner join {{ ref('int_calendar_days') }} as days on orders.ordered_on = days.calendar_day
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where orders.is_purchase
        and orders.store_id is not null
        and orders.ordered_on >= latest.as_of_date - interval '{{ var("store_days") }}' day

),

trading as (

    select
        store_id,
        day_kind,
        iso_weekday,
        count(distinct ordered_on) as day_count,
        cast(sum(count(distinct ordered_on)) over (partition by store_id, day_kind) as bigint) as kind_day_count
    from purchases
    group by store_id, day_kind, iso_weekday

),

counted as (

    select
        store_id,
        day_kind,
        iso_weekday,
        hour_of_day,
        count(*) as purchase_count,
        count(*) filter (where is_of_account) as member_purchase_count,
        sum(net_amount) as net_amount
    from purchases
    group by store_id, day_kind, iso_weekday, hour_of_day

)

select
    trading.store_id,
    trading.day_kind,
    nullif(trading.iso_weekday, 0) as iso_weekday,
    hours.hour_of_day,
    hours.is_open,
    trading.day_count,
    trading.kind_day_count,
    coalesce(counted.purchase_count, 0) as purchase_count,
    coalesce(counted.member_purchase_count, 0) as member_purchase_count,
    cast(coalesce(counted.net_amount, 0) as decimal(18,2)) as net_amount
from trading
inner join {{ ref('int_store_openings') }} as hours on trading.store_id = hours.store_id
left join counted
    on trading.store_id = counted.store_id
    and trading.day_kind = counted.day_kind
    and trading.iso_weekday = counted.iso_weekday
    and coalesce(hours.hour_of_day, -1) = counted.hour_of_day
where hours.is_open
    or counted.purchase_count > 0

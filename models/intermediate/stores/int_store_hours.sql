-- The hours of a store's week in the last store_hours_days, and what was sold in them. A day counts when the store sold anything
-- on it. A store is open in the hours that overlap with its opening hours; where nobody states these, in every hour of the
-- clock in which it ever sold. So an hour without a sale is a zero where the store is open, and no row where it is closed; what
-- is sold at a closed hour is kept, and so is what nobody knows the hour of. Days of festivals are taken together.
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
        and orders.ordered_on >= latest.as_of_date - interval '{{ var("store_hours_days") }}' day

),

trading as (

    select store_id, day_kind, iso_weekday, count(distinct ordered_on) as day_count
    from purchases
    group by store_id, day_kind, iso_weekday

),

stated as (

    select
        selling.store_id,
        {{ minute_of_day('opens_at') }} as opens_minute,
        {{ minute_of_day('closes_at') }}
        + case when {{ minute_of_day('closes_at') }} <= {{ minute_of_day('opens_at') }} then 1440 else 0 end
            as closes_minute
    from (select distinct store_id from trading) as selling
    left join {{ accepted('stores') }} as stores on selling.store_id = stores.store_id

),

ever_sold as (

    select distinct store_id, hour_of_day
    from purchases

),

open_hours as (

    select
        stated.store_id,
        clock.hour_of_day
    from stated
    cross join {{ ref('dayparts') }} as clock
    left join ever_sold
        on stated.store_id = ever_sold.store_id
        and clock.hour_of_day = ever_sold.hour_of_day
    where case
            when opens_minute is null or closes_minute is null then ever_sold.store_id is not null
            else
                (clock.hour_of_day * 60 + 60 > opens_minute and clock.hour_of_day * 60 < closes_minute)
                -- Past midnight, of the day before.
                or clock.hour_of_day * 60 + 1440 < closes_minute
        end

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

),

hours as (

    select store_id, hour_of_day, true as is_open
    from open_hours
    union all
    select ever_sold.store_id, ever_sold.hour_of_day, false
    from ever_sold
    anti join open_hours
        on ever_sold.store_id = open_hours.store_id
        and ever_sold.hour_of_day = open_hours.hour_of_day

)

select
    trading.store_id,
    trading.day_kind,
    nullif(trading.iso_weekday, 0) as iso_weekday,
    nullif(hours.hour_of_day, -1) as hour_of_day,
    hours.is_open,
    trading.day_count,
    coalesce(counted.purchase_count, 0) as purchase_count,
    coalesce(counted.member_purchase_count, 0) as member_purchase_count,
    cast(coalesce(counted.net_amount, 0) as decimal(18,2)) as net_amount
from trading
inner join hours on trading.store_id = hours.store_id
left join counted
    on trading.store_id = counted.store_id
    and trading.day_kind = counted.day_kind
    and trading.iso_weekday = counted.iso_weekday
    and hours.hour_of_day = counted.hour_of_day
where hours.is_open
    or counted.purchase_count > 0

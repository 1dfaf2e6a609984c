-- The hours of the clock in which a store is open: those that overlap with its opening hours; where nobody states these, every
-- hour in which it sold anything in the last store_days. What it sold in other hours, or nobody knows when, is here too.
with sold as (

    select distinct
        orders.store_id,
        orders.ordered_hour as hour_of_day
    from {{ ref('int_kpi_orders') }} as orders
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where orders.is_purchase
        and orders.store_id is not null
        and orders.ordered_on >= latest.as_of_date - interval '{{ var("store_days") }}' day

),

stated as (

    select
        store_id,
        {{ minute_of_day('opens_at') }} as opens_minute,
        {{ minute_of_day('closes_at') }}
        + case when {{ minute_of_day('closes_at') }} <= {{ minute_of_day('opens_at') }} then 1440 else 0 end
            as closes_minute
    from {{ accepted('stores') }} as stores
    where opens_at is not null
        and closes_at is not null

),

open_hours as (

    select
        stated.store_id,
        clock.hour_of_day
    from stated
    cross join {{ ref('dayparts') }} as clock
    semi join sold on stated.store_id = sold.store_id
    where (clock.hour_of_day * 60 + 60 > opens_minute and clock.hour_of_day * 60 < closes_minute)
        -- Past midnight, of the day before.
        or clock.hour_of_day * 60 + 1440 < closes_minute

)

select
    coalesce(open_hours.store_id, sold.store_id) as store_id,
    coalesce(open_hours.hour_of_day, sold.hour_of_day) as hour_of_day,
    open_hours.store_id is not null or (stated.store_id is null and sold.hour_of_day is not null) as is_open
from sold
full join open_hours
    on sold.store_id = open_hours.store_id
    and sold.hour_of_day = open_hours.hour_of_day
left join stated on sold.store_id = stated.store_id

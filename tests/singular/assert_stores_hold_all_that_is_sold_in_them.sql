-- What: purchases and money of the orders of stores before the latest day of analysis are in store_daily, to the cent. Purchases of
-- the last store_days are in the parts of the day of store_dayparts, and those whose hour is known in its hours. Customers of a
-- home store who came and left are as many as have moved.
-- Why: a store that is short of an hour looks quiet, and nobody adds up.
-- Returns what differs.
with bounds as (

    select cast(as_of_date - interval '{{ var("store_days") }}' day as date) as hours_from
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

expected as (

    select
        sum(net_amount) as net_amount,
        count(*) filter (where is_purchase) as purchase_count,
        count(*) filter (where is_purchase and ordered_on >= bounds.hours_from) as recent_count,
        count(ordered_hour) filter (where is_purchase and ordered_on >= bounds.hours_from) as timed_count
    from {{ ref('int_kpi_orders') }} as orders
    cross join bounds
    where store_id is not null

),

moved as (

    select count(*) as move_count
    from {{ ref('int_customer_moves') }} as moves
    semi join {{ ref('int_home_stores') }} as homes on moves.customer_id = homes.customer_id

),

daily as (

    select
        sum(net_amount) as net_amount,
        sum(purchase_count) as purchase_count,
        sum(new_customer_count + reactivated_customer_count + lost_customer_count) as move_count
    from {{ ref('store_daily') }}

),

hourly as (

    select
        sum(purchase_count) filter (where is_daypart) as recent_count,
        sum(purchase_count) filter (where not is_daypart) as timed_count
    from {{ ref('store_dayparts') }}

),

compared as (

    select 'money' as figure, expected.net_amount as expected_amount, daily.net_amount as found_amount
    from expected
    cross join daily
    union all
    select 'purchases', expected.purchase_count, daily.purchase_count
    from expected
    cross join daily
    union all
    select 'moves', moved.move_count, daily.move_count
    from moved
    cross join daily
    union all
    select 'parts of the day', expected.recent_count, hourly.recent_count
    from expected
    cross join hourly
    union all
    select 'hours', expected.timed_count, hourly.timed_count
    from expected
    cross join hourly

)

select
    figure,
    expected_amount,
    found_amount
from compared
where coalesce(expected_amount, 0) <> coalesce(found_amount, 0)

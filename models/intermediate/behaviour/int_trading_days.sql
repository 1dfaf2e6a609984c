-- A day is complete when it has a fair share of the orders of a typical trading day before it. The
-- first days of the data, and days after a closure, have nothing to be compared with.
with orders as (

    select * from {{ ref('int_orders') }}

),

days as (

    select
        ordered_on as business_on,
        count(*) as order_count
    from orders
    group by ordered_on

),

compared as (

    select
        days.business_on,
        days.order_count,
        percentile_cont(0.5) within group (order by earlier.order_count) as typical_order_count
    from days
    left join days as earlier
        on earlier.business_on < days.business_on
        and earlier.business_on >= cast(days.business_on - interval '28' day as date)
    group by days.business_on, days.order_count

),

judged as (

    select
        business_on,
        order_count,
        typical_order_count,
        coalesce(
            order_count >= typical_order_count * {{ var('complete_day_min_share') }}, true
        ) as is_complete
    from compared

)

select * from judged

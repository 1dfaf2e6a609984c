-- A day is complete when it has a fair share of the orders of a typical trading day: the median of
-- the trading days before it, however long ago those were. The first day of the data is.
with days as (

    select
        ordered_on as business_on,
        count(*) as order_count,
        row_number() over (order by ordered_on nulls last) as day_number
    from {{ ref('int_orders') }} as orders
    group by ordered_on

),

compared as (

    select
        days.business_on,
        days.order_count,
        percentile_cont(0.5) within group (order by earlier.order_count) as typical_order_count
    from days
    left join days as earlier
        on earlier.day_number < days.day_number
        and earlier.day_number >= days.day_number - {{ var('complete_day_trading_days') }}
    group by days.business_on, days.order_count

)

select
    business_on,
    order_count,
    typical_order_count,
    coalesce(
        order_count >= typical_order_count * {{ var('complete_day_min_share') }}, true
    ) as is_complete
from compared

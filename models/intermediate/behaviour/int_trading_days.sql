-- On which days each source has orders, and whether a day is complete for the shop as a whole: it has a fair
-- share of the orders of a typical trading day, the median of the trading days before it, however long ago
-- those were. The first day of the data is.
with sources as (

    select
        source_system,
        ordered_on as business_on,
        count(*) as order_count
    from {{ ref('int_orders') }} as orders
    group by source_system, ordered_on

),

days as (

    select
        business_on,
        sum(order_count) as shop_order_count,
        row_number() over (order by business_on nulls last) as day_number
    from sources
    group by business_on

),

compared as (

    select
        days.business_on,
        days.day_number,
        days.shop_order_count,
        percentile_cont(0.5) within group (order by earlier.shop_order_count) as typical_order_count
    from days
    left join days as earlier
        on earlier.day_number < days.day_number
        and earlier.day_number >= days.day_number - {{ var('complete_day_trading_days') }}
    group by days.business_on, days.day_number, days.shop_order_count

),

judged as (

    select
        compared.*,
        coalesce(
            shop_order_count >= typical_order_count * {{ var('complete_day_min_share') }}, true
        ) as is_complete
    from compared

)

select
    sources.source_system,
    sources.business_on,
    judged.day_number,
    sources.order_count,
    cast(judged.shop_order_count as bigint) as shop_order_count,
    judged.typical_order_count,
    judged.is_complete,
    {%- if var('as_of_date') %}
    judged.business_on < cast('{{ var("as_of_date") }}' as date) as is_over
    {%- else %}
    judged.business_on <= max(case when judged.is_complete then judged.business_on end) over () as is_over
    {%- endif %}
from sources
inner join judged on sources.business_on = judged.business_on

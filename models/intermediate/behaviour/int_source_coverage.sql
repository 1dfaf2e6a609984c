-- How far each source has delivered, and whether its silence, or its size, would fool whoever reads the marts. Only a
-- source that matters is asked: it has known days enough, and a fair share of the orders of its last ones. The day of
-- analysis waits for the first day that it usually trades on and has not delivered. As long as it has missed no more
-- days than twice the longest run that it missed in the year before, or a few (silent_min_days), that is a late file
-- or its habit; the present run is no part of the measure.
with delivered as (

    select
        volumes.*,
        max(business_on) over (partition by source_system) as delivered_until,
        row_number() over (partition by source_system order by business_on desc nulls last)
        <= {{ var('complete_day_trading_days') }} as is_recent,
        day_number - 1
        - lag(day_number) over (partition by source_system order by business_on nulls last) as missed_days_before
    from {{ ref('int_source_volumes') }} as volumes
    where has_delivered

),

habits as (

    select
        source_system,
        delivered_until,
        count(*) >= {{ var('complete_day_trading_days') }} as has_rhythm,
        cast(sum(order_count) filter (where is_recent) as double)
        / sum(shop_order_count) filter (where is_recent) as order_share,
        coalesce(max(missed_days_before) filter (
            where {{ days_between('business_on', 'delivered_until') }} <= {{ var('rhythm_days') }}
        ), 0) as longest_missed_days
    from delivered
    group by source_system, delivered_until

),

since as (

    select
        habits.*,
        has_rhythm and order_share >= {{ var('mattering_min_share') }} as is_mattering,
        greatest(2 * longest_missed_days, {{ whole_number('silent_min_days', 1) }} - 1) as tolerated_days,
        volumes.business_on,
        volumes.order_count,
        volumes.typical_order_count,
        volumes.is_collapsed,
        volumes.is_exploded,
        volumes.business_on > habits.delivered_until as is_missed,
        volumes.is_usual_day
    from habits
    inner join {{ ref('int_source_volumes') }} as volumes
        on habits.source_system = volumes.source_system
        and {{ days_between('volumes.business_on', 'habits.delivered_until') }} < {{ var('volume_tested_days') }}

),

counted as (

    select
        source_system,
        delivered_until,
        order_share,
        is_mattering,
        tolerated_days,
        count(*) filter (where is_missed) as missed_days,
        coalesce(sum(order_count) filter (where is_missed), 0) as orders_since,
        min(business_on) filter (where is_missed) as missed_from,
        min(business_on) filter (where is_missed and is_usual_day) as usual_day_missed,
        max(business_on) filter (where is_collapsed and not is_missed) as collapsed_on,
        max(business_on) filter (where is_exploded) as exploded_on
    from since
    group by source_system, delivered_until, order_share, is_mattering, tolerated_days

),

judged as (

    select
        counted.*,
        case
            when is_mattering and missed_days > tolerated_days and orders_since = 0 then 'silent'
            when is_mattering and (missed_days > tolerated_days or collapsed_on is not null) then 'collapsed'
            when exploded_on is not null then 'exploded'
            when not is_mattering then 'too_small'
            when usual_day_missed is not null then 'late'
            else 'on_time'
        end as coverage
    from counted

)

select
    judged.source_system,
    judged.coverage,
    judged.delivered_until,
    case
        when not judged.is_mattering then null
        when judged.missed_days > judged.tolerated_days
            then coalesce(judged.usual_day_missed, judged.missed_from)
        else judged.usual_day_missed
    end as awaited_on,
    judged.missed_days,
    cast(judged.tolerated_days as bigint) as tolerated_days,
    judged.order_share,
    since.business_on as odd_on,
    since.order_count as odd_order_count,
    since.typical_order_count
from judged
left join since
    on judged.source_system = since.source_system
    and since.business_on = case judged.coverage
        when 'exploded' then judged.exploded_on
        when 'collapsed' then coalesce(judged.collapsed_on, judged.missed_from)
    end

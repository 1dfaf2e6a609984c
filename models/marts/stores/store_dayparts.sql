-- When a store is visited. An hour is a peak where a day brings at least peak_threshold purchases in it: store_peak_ratio times
-- what a mean open hour of the same kind of days brings, and more than that by store_peak_deviations standard deviations of
-- chance. It is told of all days of a kind together, since a single weekday's hour has too few purchases, and holds for each.
-- Unevenness is the Gini coefficient of purchases a day over the open hours of the week: 0 where all are alike, near 1 where one
-- has everything.
with measured as (

    select
        hours.*,
        coalesce(dayparts.daypart, 'unknown') as daypart,
        cast(purchase_count as double) / day_count as purchases_per_day,
        cast(sum(purchase_count) over same_hour as double) / kind_day_count as usual_of_hour,
        cast(sum(purchase_count) over open_hours as double) / sum(day_count) over open_hours as usual_of_all,
        count(*) over open_week as week_hours,
        row_number() over (
            partition by store_id, day_kind = 'festival', is_open
            order by cast(purchase_count as double) / day_count nulls last, iso_weekday nulls last, hours.hour_of_day nulls last
        ) as place,
        sum(cast(cast(purchase_count as double) / day_count as decimal(24,6))) over open_week as week_purchases
    from {{ ref('int_store_hours') }} as hours
    left join {{ ref('dayparts') }} as dayparts on hours.hour_of_day = dayparts.hour_of_day
    window same_hour as (partition by store_id, day_kind, hours.hour_of_day),
    open_hours as (partition by store_id, day_kind, is_open),
    open_week as (partition by store_id, day_kind = 'festival', is_open)

),

judged as (

    select
        measured.*,
        case
            when is_open
                then usual_of_all + greatest(
                    ({{ var('store_peak_ratio') }} - 1) * usual_of_all,
                    {{ var('store_peak_deviations') }} * sqrt(usual_of_all / kind_day_count)
                )
        end as peak_threshold,
        case
            when is_open
                then 2 * cast(sum(place * cast(purchases_per_day as decimal(24,6))) over open_week as double)
                    / nullif(week_hours * cast(week_purchases as double), 0)
                    - (week_hours + 1) / cast(week_hours as double)
        end as traffic_gini
    from measured
    window open_week as (partition by store_id, day_kind = 'festival', is_open)

),

peaks as (

    select
        judged.*,
        coalesce(usual_of_hour >= peak_threshold and usual_of_hour > 0, false) as is_peak
    from judged

)

select
    store_id,
    day_kind,
    iso_weekday,
    daypart,
    hour_of_day,
    grouping(hour_of_day) = 1 as is_daypart,

    max(day_count) as day_count,
    count(*) filter (where is_open) as open_hour_count,
    cast(sum(purchase_count) as bigint) as purchase_count,
    cast(sum(member_purchase_count) as bigint) as member_purchase_count,
    cast(sum(net_amount) as decimal(18,2)) as net_amount,
    cast(sum(purchase_count) as double) / max(day_count) as purchases_per_day,
    case when grouping(hour_of_day) = 0 then max(usual_of_hour) end as kind_purchases_per_day,
    case when grouping(hour_of_day) = 0 then max(peak_threshold) end as peak_threshold,
    max(case when is_peak then 1 else 0 end) = 1 as is_peak,
    max(traffic_gini) as traffic_gini
from peaks
group by grouping sets (
    (store_id, day_kind, iso_weekday, daypart, hour_of_day),
    (store_id, day_kind, iso_weekday, daypart)
)
-- What nobody knows the hour of is a part of the day, and no hour.
having grouping(hour_of_day) = 1
    or hour_of_day is not null

-- Who bought for the first time, by where and how they did, and how many of them came back, month by month; what is not over yet
-- is null.
with numbered as (

    select started.* exclude (places), unnest(started.places) as place
    from started
    where cohort_month >= (select as_of_date - 580 from marts.publication)

),

counted as (

    select
        cohort_month,
        place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        count(*) as people,
        count(*) filter (where days_to_second <= 30) as within_30,
        count(*) filter (where days_to_second <= 60) as within_60,
        count(*) filter (where days_to_second <= 90) as within_90,
        (select as_of_date from marts.publication) - cast(cohort_month + to_months(1) as date) as days_since_month
    from numbered
    group by cohort_month, place, cube (channel, segment)

)

select
    cohort_month,
    place,
    channel,
    segment,
    people,
    if(days_since_month >= 30, within_30, null) as within_30,
    if(days_since_month >= 60, within_60, null) as within_60,
    if(days_since_month >= 90, within_90, null) as within_90,
    days_since_month >= 0 as is_complete
from counted
order by cohort_month, place, channel, segment

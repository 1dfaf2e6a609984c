-- The last year of those key figures of which no order tells, week by week: visits, which are of no place, and who came, came
-- back or left, by where it was and by segment.
with moved as (

    select
        moves.move as kpi,
        moves.channel,
        coalesce(rfm.segment_code, 'none') as segment,
        unnest(list_filter(['all', moves.region, areas.store], lambda place: place is not null)) as place,
        cast(floor((publication.as_of_date - 1 - moves.moved_on) / 7) as integer) as weeks_back
    from marts.customer_moves as moves
    cross join marts.publication as publication
    left join areas on moves.store_id = areas.store_id
    left join marts.customer_rfm as rfm on moves.customer_id = rfm.customer_id and rfm.is_latest
    where moves.moved_on >= publication.as_of_date - 7 * 53

)

select
    kpi,
    place,
    if(grouping(channel) = 0, channel, 'all') as channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    weeks_back,
    cast(count(*) as double) as numerator,
    cast(null as double) as denominator,
    count(*) as people
from moved
group by kpi, place, weeks_back, cube (channel, segment)
union all
select
    daily.kpi,
    daily.region,
    daily.channel,
    'all',
    cast(floor((publication.as_of_date - 1 - daily.calendar_day) / 7) as integer) as weeks_back,
    cast(sum(daily.numerator) as double),
    cast(sum(daily.denominator) as double),
    cast(sum(if(daily.kpi = 'conversion_rate', daily.denominator, daily.numerator)) as bigint)
from marts.kpi_daily as daily
cross join marts.publication as publication
where daily.kpi in ('visits', 'conversion_rate')
    and daily.customer_type = 'all'
    and daily.calendar_day >= publication.as_of_date - 7 * 53
group by daily.kpi, daily.region, daily.channel, weeks_back
order by all

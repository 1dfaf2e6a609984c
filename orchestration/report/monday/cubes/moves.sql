-- Who came, came back or left in each stretch of days: a part of the key figures of the same names, by where it was and by segment.
with moved as (

    select
        frames.period,
        frames.frame,
        moves.move,
        moves.channel,
        coalesce(rfm.segment_code, 'none') as segment,
        unnest(list_filter(['all', moves.region, areas.store], lambda place: place is not null)) as place
    from frames
    inner join marts.customer_moves as moves
        on moves.moved_on >= frames.starts_on
        and moves.moved_on < frames.ends_on
    left join areas on moves.store_id = areas.store_id
    left join marts.customer_rfm as rfm on moves.customer_id = rfm.customer_id and rfm.is_latest
    where frames.is_known

)

select
    period,
    frame,
    move,
    place,
    if(grouping(channel) = 0, channel, 'all') as channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    count(*) as people
from moved
group by period, frame, move, place, cube (channel, segment)
order by all

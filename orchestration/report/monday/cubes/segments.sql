-- How many customers each segment has and what they spent, on the latest day and a month end before, by where they are at home
-- and by the channel where they spend most today.
with days as (

    select
        as_of_date,
        is_latest
    from (select distinct as_of_date, is_latest from marts.customer_rfm)
    where is_latest or as_of_date <= (select as_of_date - 28 from marts.publication)
    order by as_of_date desc
    limit 2

),

at_places as (

    select
        if(days.is_latest, 'now', 'before') as frame,
        rfm.as_of_date,
        rfm.segment_code,
        rfm.spend_amount,
        at_home.channel,
        unnest(at_home.places) as place
    from marts.customer_rfm as rfm
    inner join days on rfm.as_of_date = days.as_of_date
    inner join at_home on rfm.customer_id = at_home.customer_id
    where rfm.segment_code is not null

)

select
    frame,
    as_of_date,
    place,
    if(grouping(channel) = 0, channel, 'all') as channel,
    segment_code as segment,
    count(*) as people,
    sum(spend_amount) as spend_amount
from at_places
group by frame, as_of_date, segment_code, place, rollup (channel)
order by frame desc, place, channel, segment desc

-- How many customers each segment has and what they spent, on the latest day and a month end before, by the channel where
-- they spend most today.
with days as (

    select
        as_of_date,
        is_latest
    from (select distinct as_of_date, is_latest from marts.customer_rfm)
    where is_latest or as_of_date <= (select as_of_date - 28 from marts.publication)
    order by as_of_date desc
    limit 2

)

select
    if(days.is_latest, 'now', 'before') as frame,
    rfm.as_of_date,
    if(grouping(whole.main_channel) = 0, coalesce(whole.main_channel, 'unknown'), 'all') as channel,
    rfm.segment_code as segment,
    count(*) as people,
    sum(rfm.spend_amount) as spend_amount
from marts.customer_rfm as rfm
inner join days on rfm.as_of_date = days.as_of_date
left join marts.customer_360 as whole on rfm.customer_id = whole.customer_id
where rfm.segment_code is not null
group by days.is_latest, rfm.as_of_date, rfm.segment_code, grouping sets ((), (whole.main_channel))
order by frame desc, channel, segment desc

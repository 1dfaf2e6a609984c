-- Who came to look, of those who are known: visits to the app and the web shop, which are of no store, and of which nobody
-- knows the channel that sells.
select
    frames.period,
    frames.frame,
    if(grouping(rfm.segment_code) = 0, coalesce(rfm.segment_code, 'none'), 'all') as segment,
    count(distinct sessions.customer_id) as people,
    count(*) as visits,
    count(*) filter (where sessions.has_purchase) as buying_visits
from frames
inner join marts.sessions as sessions
    on sessions.started_on >= frames.starts_on
    and sessions.started_on < frames.ends_on
    and sessions.customer_id is not null
left join marts.customer_rfm as rfm on sessions.customer_id = rfm.customer_id and rfm.is_latest
where frames.is_known
group by frames.period, frames.frame, grouping sets ((), (rfm.segment_code))
order by all

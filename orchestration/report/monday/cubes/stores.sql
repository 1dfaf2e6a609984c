-- What each store, or those that stand together, sold in each stretch of days, beside what it would have sold had it done for its size as stores like it.
select
    frames.period,
    frames.frame,
    areas.store as place,
    sum(daily.net_amount) filter (where daily.expected_amount is not null) as net_amount, -- of days on which some of them traded
    sum(daily.expected_amount) as peer_amount,
    sum(daily.purchase_count) as people,
    sum(daily.member_purchase_count) as member_purchases
from frames
inner join marts.store_daily as daily
    on daily.calendar_day >= frames.starts_on
    and daily.calendar_day < frames.ends_on
inner join areas on daily.store_id = areas.store_id
where frames.is_known
group by frames.period, frames.frame, areas.store
order by all

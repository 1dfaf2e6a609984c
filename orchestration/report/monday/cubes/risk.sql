-- What is expected to be lost by segment and by how soon to act, of all customers, by where they are at home and by the channel
-- where they spend most.
with at_places as (

    select *, unnest(places) as place
    from people

)

select
    place,
    if(grouping(channel) = 0, channel, 'all') as channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    if(grouping(churn_level) = 0, churn_level, 'all') as level,
    min(level_name_en) as level_en,
    min(level_name_zh) as level_zh,
    count(*) as people,
    sum(loss_amount) as loss_amount,
    sum(ltv_amount) as ltv_amount
from at_places
group by place, cube (channel, segment, churn_level)
order by place, channel, segment, list_position(['red', 'orange', 'yellow', 'none', 'gone'], level)

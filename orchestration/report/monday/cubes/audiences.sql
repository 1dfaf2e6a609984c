-- Each audience of the day: whom it addresses, whom it leaves alone to measure by, and whom it must not address, by where they are
-- at home, by the channel where they spend most, and by segment. Its export holds all of them.
with at_places as (

    select audiences.*, at_home.channel as main_channel, at_home.segment, unnest(at_home.places) as place
    from marts.audiences as audiences
    inner join at_home on audiences.customer_id = at_home.customer_id

)

select
    audience,
    place,
    if(grouping(main_channel) = 0, main_channel, 'all') as channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    mode(channel order by channel) as contact,
    count(*) as people,
    count(*) filter (where audience_status = 'target') as target_people,
    count(*) filter (where audience_status = 'hold_out') as held_out_people,
    count(*) filter (where audience_status = 'excluded') as excluded_people,
    coalesce(sum(expected_value_amount) filter (where audience_status = 'target'), 0) as value_amount,
    coalesce(mode(refusal_name_en order by refusal_name_en), '') as refusal_en,
    coalesce(mode(refusal_name_zh order by refusal_name_zh), '') as refusal_zh
from at_places
group by audience, place, cube (main_channel, segment)
order by audience, place, channel, segment

-- Each play: whom it names, whom it may address, and what that is worth where it is worth anything, by where they are at home,
-- by the channel where they spend most, and by segment.
with at_places as (

    select
        candidates.*,
        at_home.channel as main_channel,
        at_home.segment,
        unnest(at_home.places) as place,
        candidates.refusal is null and candidates.expected_value_amount > 0 as is_worthwhile
    from marts.play_candidates as candidates
    inner join at_home on candidates.customer_id = at_home.customer_id

)

select
    play,
    place,
    if(grouping(main_channel) = 0, main_channel, 'all') as channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    any_value(play_name_en) as play_en,
    any_value(play_name_zh) as play_zh,
    count(*) as people,
    count(*) filter (where refusal is null) as reachable,
    count(*) filter (where is_worthwhile) as worthwhile,
    coalesce(sum(expected_value_amount) filter (where is_worthwhile), 0) as value_amount,
    coalesce(sum(cost_amount) filter (where is_worthwhile), 0) as cost_amount,
    max(experiment_count) as experiment_count,
    coalesce(mode(offer_en order by offer_en), '') as offer_en,
    coalesce(mode(offer_zh order by offer_zh), '') as offer_zh
from at_places
group by play, place, cube (main_channel, segment)
order by play, place, channel, segment

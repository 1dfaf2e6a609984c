-- Each play: whom it names, whom it may address, and what that is worth where it is worth anything, by segment and for all.
select
    candidates.play,
    if(grouping(rfm.segment_code) = 0, coalesce(rfm.segment_code, 'none'), 'all') as segment,
    any_value(candidates.play_name_en) as play_en,
    any_value(candidates.play_name_zh) as play_zh,
    count(*) as people,
    count(*) filter (where candidates.refusal is null) as reachable,
    count(*) filter (where candidates.refusal is null and candidates.expected_value_amount > 0) as worthwhile,
    coalesce(sum(candidates.expected_value_amount) filter (where candidates.refusal is null and candidates.expected_value_amount > 0), 0)
        as value_amount,
    coalesce(sum(candidates.cost_amount) filter (where candidates.refusal is null and candidates.expected_value_amount > 0), 0)
        as cost_amount,
    max(candidates.experiment_count) as experiment_count,
    coalesce(mode(candidates.offer_en order by candidates.offer_en), '') as offer_en,
    coalesce(mode(candidates.offer_zh order by candidates.offer_zh), '') as offer_zh
from marts.play_candidates as candidates
left join marts.customer_rfm as rfm on candidates.customer_id = rfm.customer_id and rfm.is_latest
group by candidates.play, grouping sets ((), (rfm.segment_code))
order by candidates.play, segment

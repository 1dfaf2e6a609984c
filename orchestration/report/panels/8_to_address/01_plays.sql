-- What acting is worth is summed over those who may be contacted, and bring more than they cost.
select
    play_name_en as play_en,
    play_name_zh as play_zh,
    case when cause <> 'none' then cause end as cause_code,
    max(strategy_en) as strategy_en,
    max(strategy_zh) as strategy_zh,
    max(offer_en) as offer_en,
    max(offer_zh) as offer_zh,
    max(restriction_en) as restriction_en,
    max(restriction_zh) as restriction_zh,
    count(*) as customers,
    count(*) filter (where refusal is null) as allowed,
    count(*) filter (where refusal is null and expected_value_amount > 0) as worth_it,
    coalesce(sum(expected_value_amount) filter (where refusal is null and expected_value_amount > 0), 0)::double as worth_amount,
    max(experiment_count) > 0 as is_measured
from marts.play_candidates
group by play, play_name_en, play_name_zh, cause
order by worth_amount desc, play, cause

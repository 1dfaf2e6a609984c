-- Whom to act on next: worth is of those who may be contacted, and bring more than they cost.
select
    play_name_en as play_en,
    play_name_zh as play_zh,
    cause,
    max(strategy_en) as strategy_en,
    max(strategy_zh) as strategy_zh,
    max(offer_en) as offer_en,
    max(offer_zh) as offer_zh,
    count(*) as customers,
    count(*) filter (where refusal is null) as allowed,
    count(*) filter (where refusal is null and expected_value_amount > 0) as worth_it,
    coalesce(sum(gain_amount) filter (where refusal is null and expected_value_amount > 0), 0) as gain,
    coalesce(sum(cost_amount) filter (where refusal is null and expected_value_amount > 0), 0) as cost
from marts.play_candidates
group by play, play_name_en, play_name_zh, cause
order by play, gain - cost desc, cause

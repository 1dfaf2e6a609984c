-- Plays for those who may be contacted and are worth it.
select
    play_name_en,
    play_name_zh,
    count(*) as customer_count,
    sum(expected_value_amount) as expected_value_amount
from marts.play_candidates
where refusal is null and expected_value_amount > 0
group by play, play_name_en, play_name_zh
order by sum(expected_value_amount) desc, play

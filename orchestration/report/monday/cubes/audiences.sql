-- Each audience of the day: whom it addresses, whom it leaves alone to measure by, whom it must not address and mostly why.
select
    audience,
    any_value(play) as play,
    any_value(purpose) as purpose,
    mode(channel order by channel) as channel,
    count(*) filter (where audience_status = 'target') as target_people,
    count(*) filter (where audience_status = 'hold_out') as held_out_people,
    count(*) filter (where audience_status = 'excluded') as excluded_people,
    coalesce(sum(expected_value_amount) filter (where audience_status = 'target'), 0) as value_amount,
    coalesce(mode(refusal_name_en order by refusal_name_en), '') as refusal_en,
    coalesce(mode(refusal_name_zh order by refusal_name_zh), '') as refusal_zh
from marts.audiences
group by audience
order by value_amount desc, audience

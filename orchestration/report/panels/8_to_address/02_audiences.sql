select
    audience as audience_code,
    max(channel) as contact_channel,
    count(*) as customers,
    count(*) filter (where audience_status = 'target') as addressed,
    count(*) filter (where audience_status = 'hold_out') as held_out,
    held_out / nullif(addressed + held_out, 0) as held_out_share,
    count(*) filter (where audience_status = 'excluded') as left_out,
    coalesce(sum(expected_value_amount) filter (where audience_status = 'target'), 0)::double as worth_amount
from marts.audiences
group by audience
order by addressed desc, audience

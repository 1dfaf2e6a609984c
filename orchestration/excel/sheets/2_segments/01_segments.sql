-- What the customers of a segment are expected to spend stands in another mart; the customers are those of the segments.
with segments as (
    select
        segment_code,
        max(segment_name_en) as segment_en,
        max(segment_name_zh) as segment_zh,
        max(suggested_action_en) as action_en,
        max(suggested_action_zh) as action_zh,
        count(*) as customers,
        sum(frequency) as purchases,
        sum(spend_amount) as amount
    from marts.customer_rfm
    where is_latest and segment_code is not null
    group by segment_code
)

select segments.*, risk.ltv_amount, risk.ltv_at_risk_amount
from segments
left join marts.segment_value_at_risk as risk using (segment_code)
order by segment_code desc

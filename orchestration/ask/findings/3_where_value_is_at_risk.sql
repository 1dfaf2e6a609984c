-- The three segments of which most is at risk.
select
    segment_name_en,
    segment_name_zh,
    customer_count,
    ltv_amount,
    ltv_at_risk_amount
from marts.segment_value_at_risk
order by ltv_at_risk_amount desc, segment_code
limit 3

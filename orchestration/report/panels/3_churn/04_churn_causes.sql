select
    cause as cause_code,
    max(cause_name_en) as cause_en,
    max(cause_name_zh) as cause_zh,
    count(*) as customers,
    count(*) filter (where is_from_survey) as surveyed,
    customers - surveyed as not_surveyed,
    count(*) / sum(count(*)) over () as customer_share
from marts.customer_churn_causes
group by cause
order by cause = 'unknown', customers desc, cause

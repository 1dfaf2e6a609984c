-- Whom to act on by how soon, with what they are expected not to spend.
select
    level_name_en,
    level_name_zh,
    count(*) as customer_count,
    sum(amount_at_risk) as risk_amount,
    sum(window_amount) as window_amount
from marts.customer_churn
where churn_level in ('red', 'orange', 'yellow')
group by churn_level, level_name_en, level_name_zh
order by risk_amount desc

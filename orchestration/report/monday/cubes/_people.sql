-- Everybody who ever bought with how much is at stake. The expected loss is that of segment_value_at_risk: lifetime value ×
-- probability of no purchase, to the cent.
create or replace temp view people as
select
    at_home.*,
    churn.churn_level,
    churn.level_name_en,
    churn.level_name_zh,
    churn.churn_probability,
    ltv.ltv_amount,
    rfm.spend_amount,
    cast(round(ltv.ltv_amount * churn.churn_probability, 2) as decimal(18, 2)) as loss_amount
from marts.customer_churn as churn
inner join at_home on churn.customer_id = at_home.customer_id
inner join marts.customer_ltv as ltv on churn.customer_id = ltv.customer_id
left join marts.customer_rfm as rfm on churn.customer_id = rfm.customer_id and rfm.is_latest

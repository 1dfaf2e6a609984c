select
    churn.level_name_en as level_en,
    churn.level_name_zh as level_zh,
    rfm.segment_name_en as segment_en,
    rfm.segment_name_zh as segment_zh,
    count(*) as customers,
    coalesce(sum(rfm.spend_amount), 0) as amount,
    sum(churn.amount_at_risk) as at_risk_amount,
    coalesce(sum(ltv.ltv_amount), 0) as ltv_amount,
    coalesce(sum(ltv.ltv_amount * churn.churn_probability), 0) as ltv_at_risk_amount
from marts.customer_churn as churn
left join marts.customer_rfm as rfm on churn.customer_id = rfm.customer_id and rfm.is_latest
left join marts.customer_ltv as ltv on churn.customer_id = ltv.customer_id
where churn.churn_level in ('red', 'orange', 'yellow')
group by churn.churn_level, churn.level_name_en, churn.level_name_zh, rfm.segment_name_en, rfm.segment_name_zh
order by list_position(['red', 'orange', 'yellow'], churn.churn_level), ltv_at_risk_amount desc, segment_en

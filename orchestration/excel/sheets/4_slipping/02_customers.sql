-- Ids only: who may see a name finds it in the till, and addresses come by `regulars audiences` to those who agreed.
select
    churn.customer_id,
    churn.level_name_en as level_en,
    churn.level_name_zh as level_zh,
    rfm.segment_name_en as segment_en,
    rfm.segment_name_zh as segment_zh,
    rfm.last_purchase_on,
    rfm.recency_days,
    rfm.frequency as purchases,
    rfm.spend_amount as amount,
    ltv.ltv_amount,
    churn.churn_probability,
    reasons.reason_en,
    reasons.reason_zh,
    rfm.suggested_action_en as action_en,
    rfm.suggested_action_zh as action_zh
from marts.customer_churn as churn
inner join marts.customer_rfm as rfm on churn.customer_id = rfm.customer_id and rfm.is_latest
inner join marts.customer_ltv as ltv on churn.customer_id = ltv.customer_id
left join marts.customer_churn_reasons as reasons on churn.customer_id = reasons.customer_id and reasons.reason_rank = 1
where churn.churn_level in ('red', 'orange', 'yellow')
order by ltv.ltv_amount * churn.churn_probability desc, churn.customer_id
limit 200

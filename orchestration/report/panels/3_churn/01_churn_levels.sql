select
    coalesce(max(churn.level_name_en), churn.churn_level) as level_en,
    coalesce(max(churn.level_name_zh), churn.churn_level) as level_zh,
    count(*) as customers,
    count(*) / sum(count(*)) over () as customer_share,
    coalesce(sum(rfm.spend_amount), 0)::double as amount,
    coalesce(amount / nullif(sum(amount) over (), 0), 0) as amount_share
from marts.customer_churn as churn
left join marts.customer_rfm as rfm on churn.customer_id = rfm.customer_id and rfm.is_latest
group by churn.churn_level
order by list_position(['red', 'orange', 'yellow', 'gone', 'none'], churn.churn_level), churn.churn_level

with counted as (
    select
        reasons.reason as reason_code,
        churn.churn_level as level_code,
        coalesce(max(reasons.reason_name_en), reasons.reason) as reason_en,
        coalesce(max(reasons.reason_name_zh), reasons.reason) as reason_zh,
        coalesce(max(churn.level_name_en), churn.churn_level) as level_en,
        coalesce(max(churn.level_name_zh), churn.churn_level) as level_zh,
        count(*) as customers,
        sum(count(*)) over (partition by reasons.reason) as reason_customers
    from marts.customer_churn_reasons as reasons
    inner join marts.customer_churn as churn using (customer_id)
    where churn.churn_level in ('red', 'orange', 'yellow')
    group by reasons.reason, churn.churn_level
)

select *
from counted
qualify dense_rank() over (order by reason_customers desc, reason_code) <= 8
order by
    reason_customers desc, reason_code, list_position(['red', 'orange', 'yellow'], level_code)

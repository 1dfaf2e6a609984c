with at_risk as (
    select
        reasons.*,
        churn.churn_level as level_code,
        coalesce(churn.level_name_en, churn.churn_level) as level_en,
        coalesce(churn.level_name_zh, churn.churn_level) as level_zh,
        -- What stands in the sentence of the customer where … stands in what is said of many.
        reasons.reason_en[
            length(split_part(reasons.reason_name_en, '…', 1)) + 1
            : length(reasons.reason_en) - length(split_part(reasons.reason_name_en, '…', 2))
        ] as number
    from marts.customer_churn_reasons as reasons
    inner join marts.customer_churn as churn using (customer_id)
    where churn.churn_level in ('red', 'orange', 'yellow')
),

-- The number of the customer in the middle of five or more; of fewer it could be somebody's.
middles as (
    select
        reason,
        quantile_disc(struct_pack(size := try_cast(number as double), number := number), 0.5).number as number
    from at_risk
    group by reason
    having count(*) >= 5
),

counted as (
    select
        at_risk.reason as reason_code,
        at_risk.level_code,
        coalesce(max(replace(at_risk.reason_name_en, '…', coalesce(middles.number, '…'))), at_risk.reason) as reason_en,
        coalesce(max(replace(at_risk.reason_name_zh, '…', coalesce(middles.number, '…'))), at_risk.reason) as reason_zh,
        max(at_risk.level_en) as level_en,
        max(at_risk.level_zh) as level_zh,
        count(*) as customers,
        sum(count(*)) over (partition by at_risk.reason) as reason_customers
    from at_risk
    left join middles on at_risk.reason = middles.reason
    group by at_risk.reason, at_risk.level_code
)

select *
from counted
qualify dense_rank() over (order by reason_customers desc, reason_code) <= 8
order by
    reason_customers desc, reason_code, list_position(['red', 'orange', 'yellow'], level_code)

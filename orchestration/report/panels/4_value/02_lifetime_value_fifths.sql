with fifths as (
    select *, ntile(5) over (order by ltv_amount, customer_id) as fifth
    from marts.customer_ltv
),

summed as (
    select
        fifth,
        count(*) as customers,
        sum(ltv_amount)::double as value_amount,
        median(ltv_p10_amount::double) as p10_amount,
        median(ltv_p90_amount::double) as p90_amount
    from fifths
    group by fifth
)

select
    summed.fifth::text as fifth,
    summed.customers,
    summed.customers / sum(summed.customers) over () as customer_share,
    summed.value_amount,
    coalesce(summed.value_amount / nullif(sum(summed.value_amount) over (), 0), 0) as value_share,
    case when holdout.error_share is not null then summed.value_amount * greatest(1 - holdout.error_share, 0) end as low_amount,
    summed.value_amount * (1 + holdout.error_share) as high_amount,
    summed.p10_amount,
    summed.p90_amount
from summed
left join marts.ltv_holdout as holdout on summed.fifth = holdout.quintile
order by summed.fifth desc

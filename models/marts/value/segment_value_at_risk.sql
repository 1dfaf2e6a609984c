-- What leaves with those who leave: of each customer the lifetime value times the probability of no
-- purchase in the coming time, added up to the cent.
with rfm as (

    select * from {{ ref('customer_rfm') }}
    where is_latest

),

customers as (

    select
        rfm.segment_code,
        rfm.segment_name_en,
        rfm.segment_name_zh,
        rfm.as_of_date,
        ltv.ltv_amount,
        {{ round_half_up('cast(ltv.ltv_amount as double) * cast(churn.churn_probability as double)', 2) }} as ltv_at_risk_amount
    from rfm
    inner join {{ ref('customer_ltv') }} as ltv on rfm.customer_id = ltv.customer_id
    inner join {{ ref('customer_churn') }} as churn on rfm.customer_id = churn.customer_id

)

select
    segment_code,
    as_of_date,

    segment_name_en,
    segment_name_zh,

    count(*) as customer_count,
    cast(sum(ltv_amount) as decimal(18,2)) as ltv_amount,
    cast(sum(ltv_at_risk_amount) as decimal(18,2)) as ltv_at_risk_amount
from customers
group by segment_code, as_of_date, segment_name_en, segment_name_zh

-- Whether those who had bought before an earlier cut-off bought again within the horizon after it, as
-- their orders stood when it ended.
{%- set horizon_end = "cast(features.cutoff_on + interval '" ~ var('churn_horizon_days') ~ "' day as date)" %}

with purchases_after as (

    select distinct
        features.customer_id,
        features.cutoff_on
    from {{ ref('int_churn_features') }} as features
    inner join {{ ref('int_transactions') }} as purchases
        on features.customer_id = purchases.customer_id
        and purchases.is_purchase
        and purchases.transacted_on >= features.cutoff_on
        and {{ stands_on('purchases', horizon_end) }}
    where not features.is_latest

)

select
    features.customer_id,
    features.cutoff_on,
    purchases_after.customer_id is null as has_churned
from {{ ref('int_churn_features') }} as features
left join purchases_after
    on features.customer_id = purchases_after.customer_id
    and features.cutoff_on = purchases_after.cutoff_on
where not features.is_latest

-- What was known at an earlier cut-off of those who had bought before it, and whether they bought again within the
-- horizon after it, as their orders stood when it ended. Only a fit reads this.
{%- set horizon_end = "cast(features.cutoff_on + interval '" ~ var('churn_horizon_days') ~ "' day as date)" %}

with features as (

    select *
    from {{ ref('int_churn_features') }}
    where not is_latest

),

purchases_after as (

    select distinct
        features.customer_id,
        features.cutoff_on
    from features
    inner join {{ ref('int_transactions') }} as purchases
        on features.customer_id = purchases.customer_id
        and purchases.is_purchase
        and purchases.transacted_on >= features.cutoff_on
        and {{ stands_on('purchases', horizon_end) }}

)

select
    features.*,
    purchases_after.customer_id is null as has_churned
from features
left join purchases_after
    on features.customer_id = purchases_after.customer_id
    and features.cutoff_on = purchases_after.cutoff_on

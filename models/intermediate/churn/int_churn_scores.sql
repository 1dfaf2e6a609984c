with intercept as (

    select
        version as parameters_version,
        value as log_odds
    from {{ ref('int_current_parameters') }}
    where model = 'churn'
        and parameter = 'intercept'

),

summed as (

    select
        customer_id,
        cast(sum(cast(contribution as decimal(28,15))) as double) as log_odds
    from {{ ref('int_churn_contributions') }}
    group by customer_id

)

select
    summed.customer_id,
    intercept.parameters_version,
    1 / (1 + exp(-intercept.log_odds - summed.log_odds)) as churn_probability
from summed
cross join intercept

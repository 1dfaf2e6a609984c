-- What each feature adds to the log-odds of leaving, against the average customer that the model was
-- fitted on: a piecewise linear function of the feature, coefficient × (value − knot) beyond each knot.
-- Terms are added as decimals, whose sum does not depend on their order.
with terms as (

    select
        feature,
        knot,
        value as coefficient
    from {{ ref('int_current_parameters') }}
    where model = 'churn'
        and knot is not null

),

averages as (

    select
        feature,
        value as average
    from {{ ref('int_current_parameters') }}
    where model = 'churn'
        and feature is not null
        and knot is null

),

summed as (

    select
        feature_values.customer_id,
        feature_values.feature,
        feature_values.number,
        sum(cast(
            terms.coefficient * greatest(feature_values.feature_value - terms.knot, 0)
            as decimal(28,15)
        )) as log_odds
    from {{ ref('int_churn_feature_values') }} as feature_values
    inner join terms on feature_values.feature = terms.feature
    group by feature_values.customer_id, feature_values.feature, feature_values.number

)

select
    summed.customer_id,
    summed.feature,
    summed.number,
    cast(summed.log_odds as double) - averages.average as contribution
from summed
inner join averages on summed.feature = averages.feature

-- What each feature adds to the log-odds of leaving, against the average customer that the model was
-- fitted on: a piecewise linear function of the feature, coefficient × (value − knot) beyond each knot.
-- Terms are added as decimals, whose sum does not depend on their order. Each feature has the number by which people know it.
-- Parameters name those that they weigh: recency of everybody only if an earlier release has fitted them.
{%- set known_as = {
    'recency': 'recency_days',
    'repeat_recency': 'case when purchase_day_count > 1 then recency_days end',
    'one_visit': 'case when purchase_day_count = 1 then recency_days end',
    'frequency': 'purchase_day_count',
    'rate': 'cast(tenure_days as double) / purchase_day_count',
    'inactivity': 'cast(recency_days as double) * purchase_day_count / (tenure_days - recency_days + '
        ~ var('churn_first_visit_days') ~ ')',
    'recent_frequency': 'recent_purchase_day_count',
    'last_gap': 'last_gap_days',
    'recent_spend': 'recent_amount',
} %}

with features as (

    select *
    from {{ ref('int_churn_features') }}
    where is_latest

),

feature_values as (
    {% for feature, number in known_as.items() %}
    select
        customer_id,
        '{{ feature }}' as feature,
        cast({{ feature }} as double) as feature_value,
        cast({{ number }} as double) as number
    from features
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

terms as (

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
    from feature_values
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

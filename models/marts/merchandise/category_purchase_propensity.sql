-- The log-odds are an intercept and a curve for each feature, Σ slope × max(value − knot, 0) − average, as for churn. Rows are
-- so many that they are scored in one pass: the knots stand side by side in one row, beside which no join is needed. Of a knot that
-- lies above a value nothing is reckoned.
{%- set features = [
    'recency', 'frequency', 'rate', 'inactivity', 'recent_frequency',
    'customer_recency', 'customer_activity', 'category_share', 'category_rate',
] %}
{#- As many as orchestration/fit/logistic.py has quantiles. #}
{%- set knots = 7 %}

with numbered as (

    select
        *,
        row_number() over (partition by feature order by knot nulls last, parameter nulls last) as knot_number
    from {{ ref('int_current_parameters') }}
    where model = 'propensity'

),

curves as (

    select
        {%- for feature in features %}
        {%- for number in range(1, knots + 1) %}
        {%- set chosen = "filter (where feature = '" ~ feature ~ "' and knot_number = " ~ number ~ " and knot is not null)" %}
        coalesce(max(knot) {{ chosen }}, 0) as {{ feature }}_knot_{{ number }},
        coalesce(max(value) {{ chosen }}, 0) as {{ feature }}_slope_{{ number }},
        {%- endfor %}
        {%- endfor %}
        max(value) filter (where parameter = 'intercept')
        - cast(coalesce(
            sum(cast(value as decimal(28,15))) filter (where feature is not null and knot is null),
            0
        ) as double) as log_odds_on_average,
        max(version) as parameters_version
    from numbered

),

scored as (

    select
        features.*,
        curves.parameters_version,
        curves.log_odds_on_average
        {%- for feature in features %}
        {%- for number in range(1, knots + 1) %}
        + case when features.{{ feature }} > curves.{{ feature }}_knot_{{ number }}
            then curves.{{ feature }}_slope_{{ number }} * (features.{{ feature }} - curves.{{ feature }}_knot_{{ number }})
            else 0
        end
        {%- endfor %}
        {%- endfor %}
            as log_odds
    from {{ ref('int_propensity_features') }} as features
    cross join curves
    where features.is_latest

)

select
    customer_id,
    category,
    cutoff_on as as_of_date,

    cast({{ round_half_up('1 / (1 + exp(-log_odds))', 9) }} as double) as purchase_probability,

    recency_days,
    purchase_day_count,
    cast({{ var('propensity_horizon_days') }} as bigint) as horizon_days,
    parameters_version
from scored

-- The features of the latest cut-off one below the other, each with the number by which people know it.
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

with feature_values as (
    {% for feature, number in known_as.items() %}
    select
        customer_id,
        '{{ feature }}' as feature,
        cast({{ feature }} as double) as feature_value,
        cast({{ number }} as double) as number
    from {{ ref('int_churn_features') }}
    where is_latest
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from feature_values

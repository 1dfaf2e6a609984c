-- The thresholds of the seed, side by side, for the models that apply them.
{%- set rules = [
    'new_customer_days', 'dormant_gap_ratio', 'dormant_floor_days', 'lost_gap_ratio',
    'lost_floor_days', 'reactivated_days', 'own_rhythm_min_gaps', 'fallback_gap_days',
    'trend_days', 'trend_min_purchases', 'decline_trend', 'decline_chance_max',
    'decline_min_purchases', 'mature_purchases',
    'activation_days', 'retention_days',
] %}

select
    {%- for rule in rules %}
    max(value) filter (where rule = '{{ rule }}') as {{ rule }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('lifecycle_rules') }}

{#
  How often and how lately somebody has bought, as a model of probabilities reads it: five columns of recency_days, tenure_days,
  purchase_day_count and recent_purchase_day_count.

  The logarithm makes twice as much the same step everywhere. Half a purchase and churn_first_visit_days, added where
  something is divided, keep the figures of a first visit within bounds, and a tenth the logarithm of none.

  Example: select measured.*, {{ purchase_rhythm() }} from measured
#}
{% macro purchase_rhythm() -%}
{%- set first_visit_days = var('churn_first_visit_days') -%}
ln(1 + recency_days) as recency,
    ln(purchase_day_count) as frequency,
    ln((purchase_day_count - 0.5) / cast(tenure_days + {{ first_visit_days }} as double)) as rate,
    ln(
        0.1 + (purchase_day_count - 0.5)
        * ln(
            cast(tenure_days + {{ first_visit_days - 1 }} as double)
            / (tenure_days - recency_days + {{ first_visit_days }})
        )
    ) as inactivity,
    ln(1 + recent_purchase_day_count) as recent_frequency
{%- endmacro %}

{#
  Whether a purchase of that age (days before the day of analysis) lies in the RFM window; a window of
  0 days is all history.

  Example: count(*) filter (where {{ in_rfm_window('age_days') }})
#}
{% macro in_rfm_window(age_days) -%}
{%- set threshold_days = whole_number('rfm_window_days', 0) -%}
{%- if threshold_days > 0 -%}
{{ age_days }} <= {{ threshold_days }}
{%- else -%}
true
{%- endif -%}
{%- endmacro %}

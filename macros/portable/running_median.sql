{#
  The median of the values in a window's frame, the window following it; between the middle two, their mean; null where none is.
  Why: no engine takes `percentile_cont … within group` over an ordered window.
  Example: {{ running_median('gap_days') }} over (partition by customer_id order by transacted_on nulls last)
#}
{% macro running_median(column) -%}
{{ return(adapter.dispatch('running_median')(column)) }}
{%- endmacro %}

{% macro default__running_median(column) -%}
quantile_cont({{ column }}, 0.5)
{%- endmacro %}

{% macro spark__running_median(column) -%}
percentile({{ column }}, 0.5)
{%- endmacro %}

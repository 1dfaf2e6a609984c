{#
  The ways to share an order among the touches before it, by name. What a touch gets has a column `<name>_weight` and
  `<name>_amount` in int_order_touches, and a row in order_attribution.
#}
{% macro attribution_models() -%}
{{ return(['first', 'last', 'last_non_direct', 'linear', 'time_decay', 'position_based', 'markov']) }}
{%- endmacro %}

{#
  The habits by which customers are alike, as columns of int_cluster_features; `orchestration/fit/clusters.py` fits on the same.

  Example: {% for feature in cluster_features() %} … {% endfor %}
#}
{% macro cluster_features() -%}
{{ return([
    'frequency', 'basket_amount', 'basket_lines', 'online_share',
    'discount_share', 'weekend_share', 'lunch_share', 'evening_share',
]) }}
{%- endmacro %}

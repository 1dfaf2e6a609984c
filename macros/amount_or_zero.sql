{#
  An amount of money that an export leaves empty where there is none.

  Example: {{ amount_or_zero('discount') }}   '12.5' -> 12.50, '' -> 0.00, 'twelve' -> null
#}
{% macro amount_or_zero(column) -%}
{{ parse_decimal("coalesce(" ~ clean_text(column) ~ ", '0')", 2) }}
{%- endmacro %}

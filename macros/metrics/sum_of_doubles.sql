{#
  The sum of doubles within a group, to a millionth, the same in whatever order they are added up.

  Why: threads add up in an order of their own, and the same marts have the same digest.
  Example: {{ sum_of_doubles('expected_value') }}
#}
{% macro sum_of_doubles(column) -%}
cast(sum(cast({{ column }} as decimal(24,6))) as double)
{%- endmacro %}

{#
  The sum of doubles within a group, to a millionth or so many digits, the same in whatever order they are added up.

  Why: threads add up in an order of their own, and the same marts have the same digest.
  Example: {{ sum_of_doubles('expected_value') }}
#}
{% macro sum_of_doubles(column, digits=6) -%}
cast(sum(cast({{ column }} as decimal({{ 24 if digits == 6 else 38 }},{{ digits }}))) as double)
{%- endmacro %}

{#
  A double as a decimal number, rounded half up.

  Why: casting a double to decimal rounds its binary value on one engine, and what it prints on another.
  Example: {{ round_half_up('gap_days', 1) }}   2.25 -> 2.3, -0.25 -> -0.2
#}
{% macro round_half_up(value, digits) -%}
{%- set factor = 10 ** digits -%}
cast(floor(({{ value }}) * {{ factor }} + 0.5) / {{ factor }} as decimal(18,{{ digits }}))
{%- endmacro %}

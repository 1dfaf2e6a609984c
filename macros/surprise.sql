{#
  By how many standard deviations of chance a count lies above what is typical; below zero where it lies under it.

  Why roots: the root of a count scatters by one half whatever its size (Anscombe 1948), so that ten more are nothing of
  a thousand and a lot of five.
  Example: {{ surprise('order_count', 'typical_order_count') }}   25, 9 -> 3.9
#}
{% macro surprise(count, typical) -%}
2 * ({{ steady_count(count) }} - {{ steady_count(typical) }})
{%- endmacro %}


{# A count on the scale on which it scatters alike. #}
{% macro steady_count(count) -%}
sqrt({{ count }} + 0.375)
{%- endmacro %}

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


{#
  By how many standard deviations of chance a share lies above what is usual; below zero where it lies under it.

  Why the arc sine of the root: such a share scatters alike whether it is a tenth or a half (Anscombe 1948), also where
  few are counted. The usual share is counted too, and scatters. Doubles, since engines divide decimals in other ways.
  Example: {{ share_surprise('week_people', 'week_previous', 'usual_people', 'usual_previous') }}   3 of 15, 72 of 120 -> -3.0
#}
{% macro share_surprise(part, whole, usual_part, usual_whole) -%}
2 * ({{ steady_share(part, whole) }} - {{ steady_share(usual_part, usual_whole) }})
/ sqrt(1 / (cast({{ whole }} as double) + 0.5) + 1 / (cast({{ usual_whole }} as double) + 0.5))
{%- endmacro %}


{# A share on the scale on which it scatters alike. #}
{% macro steady_share(part, whole) -%}
asin(sqrt((cast({{ part }} as double) + 0.375) / (cast({{ whole }} as double) + 0.75)))
{%- endmacro %}

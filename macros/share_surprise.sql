{#
  By how many standard deviations of chance a share lies above what is usual; below zero where it lies under it.

  Why the arc sine of the root: such a share scatters alike whether it is a tenth or a half (Anscombe 1948), also where
  few are counted. The usual share is counted too, and scatters.
  Example: {{ share_surprise('week_people', 'week_previous', 'usual_people', 'usual_previous') }}   3 of 15, 72 of 120 -> -2.96
#}
{% macro share_surprise(part, whole, usual_part, usual_whole) -%}
2 * ({{ steady_share(part, whole) }} - {{ steady_share(usual_part, usual_whole) }})
/ sqrt(1 / ({{ whole }} + 0.5) + 1 / ({{ usual_whole }} + 0.5))
{%- endmacro %}


{# A share on the scale on which it scatters alike. #}
{% macro steady_share(part, whole) -%}
asin(sqrt(({{ part }} + 0.375) / ({{ whole }} + 0.75)))
{%- endmacro %}

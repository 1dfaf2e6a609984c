{#
  How many times as far as chance alone deviations scatter over a window; never fewer than one.

  Why not the root of the mean square: one broken week would excuse the next. A mean of sizes is 0.8 of a standard
  deviation (the root of 2/π). Why weeks of chance are added: the scatter of a few scatters itself.
  Example: {{ scatter('deviations', 'weeks_before') }}   4, 4, -4, -4 -> (8 + 1.2533 × 16) / 12 = 2.3
#}
{% macro scatter(deviations, window) -%}
{%- set weeks_of_chance = 8 -%}
greatest(
    1,
    ({{ weeks_of_chance }} + 1.2533141373155003 * coalesce(sum(abs({{ deviations }})) over {{ window }}, 0))
    / ({{ weeks_of_chance }} + count({{ deviations }}) over {{ window }})
)
{%- endmacro %}

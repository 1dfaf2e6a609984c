{#
  How many standard deviations of the normal distribution an interval reaches each way that fails in a share of experiment_alpha:
  1.96 of one in twenty, to the last bit.

  Why a table: nothing in Jinja inverts a distribution, and nobody needs another share.
#}
{% macro experiment_deviations() -%}
{%- set deviations = {0.1: 1.6448536269514722, 0.05: 1.959963984540054, 0.01: 2.5758293035489004} -%}
{{ return(deviations[chosen('experiment_alpha', [0.1, 0.05, 0.01])]) }}
{%- endmacro %}


{#
  How many standard errors an interval reaches each way that holds at all looks together, after so many people, for so many comparisons
  that are all to hold: the confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, Time-uniform central limit
  theory), two-sided, which is narrowest at experiment_tuned_members, each with its part of experiment_alpha (Bonferroni).
#}
{% macro sequential_reach(n, comparisons) -%}
{%- set alpha = '(' ~ var('experiment_alpha') ~ 'e0 / greatest(' ~ comparisons ~ ', 1))' -%}
{%- set rho = '((-2 * ln(' ~ alpha ~ ') + ln(1 - 2 * ln(' ~ alpha ~ '))) / ' ~ whole_number('experiment_tuned_members', 1) ~ ')' -%}
sqrt(2 * (({{ n }}) * {{ rho }} + 1) / (({{ n }}) * {{ rho }}) * ln(sqrt(({{ n }}) * {{ rho }} + 1) / {{ alpha }}))
{%- endmacro %}

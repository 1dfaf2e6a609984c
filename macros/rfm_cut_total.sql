{#
  What a cut of RFM is the quotient of, over the customers of a day: the total, to be divided by the parts
  that rfm_cut_parts names.

  Why: totals are whole numbers and cents, which every engine adds up and compares alike. The two middle
  values of a median are read in cents, in which their mean is exact.
  Example: {{ rfm_cut_total('median', 'monetary_amount') }} / {{ rfm_cut_parts('median') }}
#}
{% macro rfm_cut_total(cut, measure) -%}
{%- if cut == 'mean' -%}
sum({{ measure }})
{%- elif cut == 'median' -%}
cast(2 * percentile_cont(0.5) within group (order by cast({{ measure }} * 100 as bigint)) as bigint) * 0.01
{%- elif cut == 'score' -%}
{{ whole_number('rfm_scores', 2) }} + 1
{%- else -%}
{%- set fixed = var('rfm_fixed_cuts')[measure] -%}
{%- if fixed is not number -%}
    {%- do exceptions.raise_compiler_error('The variable rfm_fixed_cuts has no number for ' ~ measure ~ ': give one each for recency_days, frequency and monetary_amount.') -%}
{%- endif -%}
{{ fixed }}
{%- endif -%}
{%- endmacro %}

{#
  Over how many parts the total of a cut is divided.
  Example: {{ rfm_cut_parts('mean') }}
#}
{% macro rfm_cut_parts(cut) -%}
{{ {'mean': 'count(*)', 'median': '2', 'score': '2', 'fixed': '1'}[cut] }}
{%- endmacro %}

{#
  The value of a variable that must lie between 0 and 1, and be neither.

  Why: of 0 there is no logarithm, and a build would stop in the words of its engine; it stops dbt with one sentence.
  Example: {{ fraction('ltv_series_precision') }}
#}
{% macro fraction(variable) -%}
{%- set value = var(variable) -%}
{%- if value is boolean or not 0 < value | float < 1 -%}
    {%- do exceptions.raise_compiler_error('The variable ' ~ variable ~ ' is ' ~ value ~ ': choose a number above 0 and below 1.') -%}
{%- endif -%}
{{ return(value) }}
{%- endmacro %}

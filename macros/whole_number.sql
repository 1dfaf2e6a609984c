{#
  The value of a variable that must be a whole number, and at least so much.

  Why: a window of -30 days or 2.5 scores would give figures that nobody can explain; it stops dbt with
  one sentence.
  Example: {{ whole_number('rfm_window_days', 0) }}
#}
{% macro whole_number(variable, least) -%}
{%- set value = var(variable) -%}
{%- if value is boolean or value is not integer or value < least -%}
    {%- do exceptions.raise_compiler_error('The variable ' ~ variable ~ ' is ' ~ value ~ ': choose a whole number from ' ~ least ~ ' on.') -%}
{%- endif -%}
{{ return(value) }}
{%- endmacro %}

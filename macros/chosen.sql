{#
  The value of a variable that offers a choice.

  Why: a misspelt choice would be taken for the default in silence; it stops dbt with one sentence.
  Example: {{ chosen('rfm_frequency', ['orders', 'days']) }}
#}
{% macro chosen(variable, choices) -%}
{%- set value = var(variable) -%}
{%- if value not in choices -%}
    {%- do exceptions.raise_compiler_error('The variable ' ~ variable ~ ' is ' ~ value ~ ': choose one of ' ~ choices | join(', ') ~ '.') -%}
{%- endif -%}
{{ return(value) }}
{%- endmacro %}

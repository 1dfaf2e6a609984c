{#
  Whole days from one date to a later one, as a bigint.
  Why: `datediff` has other arguments and another order on every engine.
  Example: {{ days_between('first_purchase_on', 'as_of_date') }}
#}
{% macro days_between(earlier, later) -%}
{{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
cast(datediff({{ later }}, {{ earlier }}) as bigint)
{%- endmacro %}

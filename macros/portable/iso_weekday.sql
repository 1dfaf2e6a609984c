{#
  The day of the week of a date, 1 for Monday to 7 for Sunday, as a bigint.
  Why: what an engine calls a weekday begins on Sunday or on Monday, and with 0 or with 1.
  Example: {{ iso_weekday('ordered_on') }}
#}
{% macro iso_weekday(day) -%}
{{ return(adapter.dispatch('iso_weekday')(day)) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
isodow({{ day }})
{%- endmacro %}

{% macro spark__iso_weekday(day) -%}
cast(weekday({{ day }}) + 1 as bigint)
{%- endmacro %}

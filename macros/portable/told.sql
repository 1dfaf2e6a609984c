{#
  first_told   The first value of a group that is not null, by an instant; at one instant the least value.
  last_told    The last, likewise the greatest. Example: {{ first_told('channel', 'occurred_at') }}

  Why text: of several values at one instant `min_by` takes any, and another one on another run; and a struct of both is
  compared four times as slowly as the 16 digits of an instant with the value behind them.
#}
{% macro first_told(value, instant) -%}
substring(min({{ at_instant(value, instant) }}), 17)
{%- endmacro %}


{% macro last_told(value, instant) -%}
substring(max({{ at_instant(value, instant) }}), 17)
{%- endmacro %}


{# The value behind the microseconds since 1938, which have 16 digits from 1970 to 2255, and so sort as text. #}
{% macro at_instant(value, instant) -%}
case when {{ value }} is not null then cast({{ microseconds(instant) }} + 1000000000000000 as string) || {{ value }} end
{%- endmacro %}


{% macro microseconds(instant) -%}
{{ return(adapter.dispatch('microseconds')(instant)) }}
{%- endmacro %}

{% macro default__microseconds(instant) -%}
epoch_us({{ instant }})
{%- endmacro %}

{% macro spark__microseconds(instant) -%}
unix_micros({{ instant }})
{%- endmacro %}

{#
  The instant of seconds or milliseconds since 1970 began in UTC; null outside of the years 1000 to 9999,
  and where a spreadsheet has rounded the number: 1.76761E+12 may be any of eleven days.

  Example: {{ epoch_time('created', 'epoch_seconds') }}   '1767607200.5' -> 2026-01-05 10:00:00.5
#}
{% macro epoch_time(text, format) -%}
{#- Without its point, a number of so many decimals is one of microseconds. -#}
{%- set decimals = 6 if format == 'epoch_seconds' else 3 -%}
{%- set number = 'case when ' ~ regex_matches(text, '[eE]') ~ ' then ' ~ unrounded(text) ~ ' else ' ~ text ~ ' end' -%}
{%- set micros = "try_cast(replace(cast(" ~ parse_decimal(number, decimals) ~ " as string), '.', '') as bigint)" -%}
case when {{ micros }} between -30610224000000000 and 253402300799999999 then {{ time_of_micros(micros) }} end
{%- endmacro %}


{#
  The wall clock of a spreadsheet's serial number: days since 1900 began, the first of which is 1, with
  the time as their fraction, rounded to the second.

  Why: that system has a 29 February 1900, which never was: 60 is no day, and those before it lie one later.
  Example: {{ excel_time('sold_at') }}   '46027.4166666667' -> 2026-01-05 10:00:00
#}
{% macro excel_time(text) -%}
{%- set seconds -%}
cast(cast(cast({{ parse_decimal(text, 10) }} as decimal(20,10)) * 86400 as decimal(18,0)) as bigint)
{%- endset -%}
case
    when {{ seconds }} between 86400 and 5183999
        then {{ time_of_micros('(' ~ seconds ~ ' - 2209075200) * 1000000') }}
    when {{ seconds }} between 5270400 and 255611462399
        then {{ time_of_micros('(' ~ seconds ~ ' - 2209161600) * 1000000') }}
end
{%- endmacro %}


{#
  The timestamp (UTC) of microseconds since 1970 began.
  Example: {{ time_of_micros('1767607200000000') }}   -> 2026-01-05 10:00:00
#}
{% macro time_of_micros(micros) -%}
{{ return(adapter.dispatch('time_of_micros')(micros)) }}
{%- endmacro %}

{% macro default__time_of_micros(micros) -%}
make_timestamp({{ micros }})
{%- endmacro %}

{% macro spark__time_of_micros(micros) -%}
timestamp_micros({{ micros }})
{%- endmacro %}

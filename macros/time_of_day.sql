{#
  A time of day as people write it, as HH:MM; null when it is none.

  Why: spreadsheets write 8:30 and 08:30:00, and midnight at the end of the day is 24:00.
  Example: {{ time_of_day('opens_at') }}   '8:30:00' -> '08:30'
#}
{% macro time_of_day(text) -%}
{%- set plain = trimmed(text) -%}
case
    when {{ regex_matches(plain, '^(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)(:[0-5][0-9])?$') }}
        then lpad(split_part({{ plain }}, ':', 1), 2, '0') || ':' || split_part({{ plain }}, ':', 2)
end
{%- endmacro %}


{#
  The minutes from midnight to a time of day in the form HH:MM.
  Example: {{ minute_of_day('opens_at') }}   '08:30' -> 510
#}
{% macro minute_of_day(time) -%}
cast(split_part({{ time }}, ':', 1) as bigint) * 60 + cast(split_part({{ time }}, ':', 2) as bigint)
{%- endmacro %}

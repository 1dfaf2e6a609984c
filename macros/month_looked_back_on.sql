{#
  The month that a day of analysis looks back on, by its first day, which is the day of analysis before it: each but the latest is
  the first day of a month.

  Why: who compares with the day before finds it by its date, and need not see all days, of which only some may be made.
  Example: {{ month_looked_back_on('as_of_date') }}   2026-06-01 -> 2026-05-01, 2026-06-22 -> 2026-06-01
#}
{% macro month_looked_back_on(as_of_date) -%}
cast(date_trunc('month', {{ as_of_date }} - interval '1' day) as date)
{%- endmacro %}

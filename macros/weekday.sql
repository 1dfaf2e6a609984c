{#
  The day of the week of a date as a number from 0 to 6, the same for equal days of the week.

  Why not Monday or Sunday as 0: engines count from different days, and all that is asked is which days are alike. It
  counts from earliest_business_date, before which no business date is accepted.
  Example: partition by {{ weekday('business_on') }}
#}
{% macro weekday(date) -%}
{%- set first_day = "cast('" ~ var('earliest_business_date') ~ "' as date)" -%}
mod({{ days_between(first_day, date) }}, 7)
{%- endmacro %}

{#
  A date of birth, or null when it can't be one: before 1900, after the day of registration, or a day
  that systems write for nothing: the first day of their calendars.

  1900-01-01 is the day zero of spreadsheets and SQL Server, 1970-01-01 that of Unix. The few people who
  were born on those days lose their birthday; thousands of strangers lose a common one.
  Example: {{ plausible_birth_date('birth_date', 'registered_on') }}   1970-01-01 -> null
#}
{% macro plausible_birth_date(birth_date, registered_on) -%}
case
    when {{ birth_date }} > cast('1900-01-01' as date)
        and {{ birth_date }} <> cast('1970-01-01' as date)
        and coalesce({{ birth_date }} <= {{ registered_on }}, true)
        then {{ birth_date }}
end
{%- endmacro %}

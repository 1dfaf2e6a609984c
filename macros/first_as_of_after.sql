{#
  The first day of analysis after a day that lies before the latest one: the first of the next month, or the latest day where that
  comes sooner, and never before the first of all. `bounds` has these two, as first_as_of and latest_as_of.

  Why: what happened on a day is known on the next day of analysis, and a join with all of them would ask of each.
  Example: {{ first_as_of_after('ordered_on', 'bounds') }}   2026-03-01 -> 2026-04-01
#}
{% macro first_as_of_after(day, bounds) -%}
greatest({{ bounds }}.first_as_of, least(last_day({{ day }}) + 1, {{ bounds }}.latest_as_of))
{%- endmacro %}

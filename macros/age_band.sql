{#
  The band of the variable age_band_years in which an age lies on a day.

  Why apart: the birth date itself stays in the private warehouse, and only the band leaves it.
  Example: {{ age_band('birth_date', 'as_of_date') }}   1995-05-01, 2026-05-01 -> '25_34'
#}
{% macro age_band(birth_date, on_day) -%}
{%- set years = var('age_band_years') -%}
case
    when {{ birth_date }} is null or {{ on_day }} is null then null
    {%- for year in years | reverse %}
    when {{ birth_date }} <= {{ on_day }} - interval '{{ year }}' year
        then '{{ year ~ ('_and_over' if loop.first else '_' ~ (years[loop.revindex] - 1)) }}'
    {%- endfor %}
    else 'under_{{ years[0] }}'
end
{%- endmacro %}

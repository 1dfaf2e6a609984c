{#
  The age that somebody has on a day, in the bands of the variable age_band_years; null where birth date or day is not known.

  Example: {{ age_band('birth_date', 'as_of_date') }}   2001-02-02, 2026-02-01 -> 18_24
#}
{% macro age_band(birth_date, day) -%}
{%- set years = var('age_band_years') -%}
case
        when {{ birth_date }} is null or {{ day }} is null then null
        {%- for year in years | reverse %}
        when {{ birth_date }} <= {{ day }} - interval '{{ year }}' year
            then '{{ year ~ ('_and_over' if loop.first else '_' ~ (years[loop.revindex] - 1)) }}'
        {%- endfor %}
        else 'under_{{ years[0] }}'
    end
{%- endmacro %}

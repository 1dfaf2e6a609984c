{#
  The day that a variable declares of the source in column source_system, or null.

  What: the variable has days by source, such as {pos: "2026-05-01"}; one that is no date stops dbt with a sentence.
  Example: {{ declared_day('closed_sources') }}
#}
{% macro declared_day(variable) -%}
cast(case source_system
    {%- for source, day in var(variable).items() %}
    {%- if not modules.re.match('[0-9]{4}-[0-9]{2}-[0-9]{2}$', day | string) %}
        {%- do exceptions.raise_compiler_error(
            'The variable ' ~ variable ~ ' says ' ~ day ~ ' of ' ~ source ~ ': write a day as "2026-05-01".'
        ) %}
    {%- endif %}
    when '{{ source }}' then '{{ day }}'
    {%- endfor %}
    {%- if not var(variable) %} when null then null{% endif %}
end as date)
{%- endmacro %}

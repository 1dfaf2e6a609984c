{#
  What a group of a regular expression matches; an empty text where nothing does.
  Why: `$` also stands before a last line break on Spark. Write no backslash: Spark reads it twice.
  Example: {{ regex_part('joined', '^([0-9]{4})-([0-9]{2})$', 1) }}   '2026-01' -> '2026'
#}
{% macro regex_part(text, pattern, group) -%}
{{ return(adapter.dispatch('regex_part')(text, pattern, group)) }}
{%- endmacro %}

{% macro default__regex_part(text, pattern, group) -%}
regexp_extract({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro spark__regex_part(text, pattern, group) -%}
regexp_extract({{ text }}, '{{ java_pattern(pattern) }}', {{ group }})
{%- endmacro %}

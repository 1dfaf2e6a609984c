{#
  Whether a regular expression matches somewhere in a text.
  Why: the function has another name on every engine. Write no backslash: Spark reads it twice.
  Example: {{ regex_matches('day', '^[0-9]{4}-') }}
#}
{% macro regex_matches(text, pattern) -%}
{{ return(adapter.dispatch('regex_matches')(text, pattern)) }}
{%- endmacro %}

{% macro default__regex_matches(text, pattern) -%}
regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__regex_matches(text, pattern) -%}
regexp_like({{ text }}, '{{ java_pattern(pattern) }}')
{%- endmacro %}


{# A pattern as Java reads it: its `$` also stands before a last line break, only its `\z` never does. #}
{% macro java_pattern(pattern) -%}
{{ return(pattern[:-1] ~ '\\\\z' if pattern.endswith('$') else pattern) }}
{%- endmacro %}

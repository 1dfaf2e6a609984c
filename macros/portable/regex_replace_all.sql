{#
  Every match of a regular expression replaced by a fixed text.
  Why: DuckDB replaces only the first match unless told 'g'; Spark replaces all and takes no flag.
  Write no backslash in either text: Spark reads it twice.
  Example: {{ regex_replace_all('phone', '[^0-9]', '') }}
#}
{% macro regex_replace_all(text, pattern, replacement) -%}
{{ return(adapter.dispatch('regex_replace_all')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__regex_replace_all(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__regex_replace_all(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ java_pattern(pattern) }}', '{{ replacement }}')
{%- endmacro %}

{#
  A text of which every byte in UTF-8 is a character, so that distances between texts count bytes.
  Why: DuckDB's `levenshtein` counts bytes, Spark's counts characters; ASCII is the same in both.
  Example: {{ bytes_of('address') }}
#}
{% macro bytes_of(text) -%}
{{ return(adapter.dispatch('bytes_of')(text)) }}
{%- endmacro %}

{% macro default__bytes_of(text) -%}
{{ text }}
{%- endmacro %}

{% macro spark__bytes_of(text) -%}
decode(encode({{ text }}, 'UTF-8'), 'ISO-8859-1')
{%- endmacro %}

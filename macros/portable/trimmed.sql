{#
  A text without the blanks around it, the full-width and the no-break space among them.
  Why: `trim` takes every space of Unicode away on DuckDB, and only the ASCII one on Spark.
  Example: {{ trimmed('city') }}   '　上海 ' -> '上海'
#}
{% macro trimmed(text) -%}
{{ return(adapter.dispatch('trimmed')(text)) }}
{%- endmacro %}

{% macro default__trimmed(text) -%}
trim({{ text }})
{%- endmacro %}

{% macro spark__trimmed(text) -%}
{%- set spaces = ' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000' -%}
trim(both '{{ spaces }}' from {{ text }})
{%- endmacro %}

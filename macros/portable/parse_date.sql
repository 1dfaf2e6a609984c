{#
  The calendar date that a text means; null when it can't be read.
  What: ISO 8601, or the feed's `date_format` (strptime style). No time zone: a birthday has none.
  Example: {{ parse_date('joined', feed('crm', 'members')) }}
#}
{% macro parse_date(text, feed) -%}
{{ return(adapter.dispatch('parse_date')(text, feed.get('date_format'))) }}
{%- endmacro %}

{% macro default__parse_date(text, format) -%}
{%- if format -%}
cast(try_strptime({{ text }}, '{{ format }}') as date)
{%- else -%}
case when regexp_matches({{ text }}, '^[0-9]{4}-') then try_cast({{ text }} as date) end
{%- endif -%}
{%- endmacro %}

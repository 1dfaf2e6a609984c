{#
  The calendar date that a text means; null when it can't be read.
  What: ISO 8601, or the feed's `date_format` (strptime style). No time zone: a birthday has none.
  Example: {{ parse_date('joined', feed('crm', 'members')) }}
#}
{% macro parse_date(text, feed) -%}
{%- if feed.get('date_format') -%}
try_cast({{ iso_text(text, feed.get('date_format')) }} as date)
{%- else -%}
case when {{ regex_matches(text, '^[1-9][0-9]{3}-[0-9]{1,2}-[0-9]{1,2}$') }} then try_cast({{ text }} as date) end
{%- endif -%}
{%- endmacro %}

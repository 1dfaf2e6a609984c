{#
  The instant (UTC, timestamp without zone) that a text means; null when it can't be read.

  What: a text that carries an offset ('Z', '+08:00') is taken by it; any other is read as the wall
  clock of the zone in which the feed writes its timestamps (`timestamps`, else `time_zone`), in the
  feed's `timestamp_format` (strptime style) or ISO 8601.
  Why: casting to timestamp drops the offset without a word, and reads 'infinity'.
  Example: {{ utc_instant('sold_at', feed('pos', 'receipts')) }}
#}
{% macro utc_instant(text, feed) -%}
{{ return(adapter.dispatch('utc_instant')(
    text, feed.get('timestamps', feed.get('time_zone', 'UTC')), feed.get('timestamp_format')
)) }}
{%- endmacro %}

{% macro default__utc_instant(text, zone, format) -%}
case
    when regexp_matches({{ text }}, '^[0-9]{4}-.*:[0-9.]+(Z|[+-][0-9]{2}(:?[0-9]{2})?)$')
        then timezone('UTC', try_cast({{ text }} as timestamp with time zone))
    {%- if format %}
    else timezone('UTC', timezone('{{ zone }}', try_strptime({{ text }}, '{{ format }}')))
    {%- else %}
    when regexp_matches({{ text }}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?$')
        then timezone('UTC', timezone('{{ zone }}', try_cast({{ text }} as timestamp)))
    {%- endif %}
end
{%- endmacro %}

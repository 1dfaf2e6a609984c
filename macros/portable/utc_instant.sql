{#
  The instant (UTC, timestamp without zone) that a text means; null when it can't be read.

  What: a text that carries an offset ('Z', '+08:00') is taken by it; any other is read as the wall
  clock of the zone in which the feed writes its timestamps (`timestamps`, else `time_zone`), in the
  feed's `timestamp_format` (strptime style) or ISO 8601.
  Why: casting to timestamp drops the offset without a word, and reads 'infinity'.
  Example: {{ utc_instant('sold_at', feed('pos', 'receipts')) }}
#}
{% macro utc_instant(text, feed) -%}
{%- set zone = "'" ~ feed.timestamps ~ "'" if feed.get('timestamps') else clock_zone(feed) -%}
{%- set day, hour = '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}', '([01][0-9]|2[0-3])' -%}
{%- set offset = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)' -%}
case
    when {{ regex_matches(text, day ~ '[T ]' ~ hour ~ ':[0-9]{2}:[0-9]{2}([.][0-9]+)?' ~ offset ~ '$') }}
        then {{ read_offset(text) }}
    {%- if feed.get('timestamp_format') %}
    else {{ to_utc('try_cast(' ~ iso_text(text, feed.get('timestamp_format')) ~ ' as timestamp)', zone) }}
    {%- else %}
    when {{ regex_matches(text, day ~ '([T ]' ~ hour ~ ':[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$') }}
        then {{ to_utc('try_cast(' ~ text ~ ' as timestamp)', zone) }}
    {%- endif %}
end
{%- endmacro %}


{#
  The instant (UTC) of an ISO 8601 text with an offset.
  Why: DuckDB's timestamp has no zone and drops the offset; Spark's is an instant, shown in UTC.
  Example: {{ read_offset('sold_at') }}   '2026-01-05T10:00:00+08:00' -> 2026-01-05 02:00:00
#}
{% macro read_offset(text) -%}
{{ return(adapter.dispatch('read_offset')(text)) }}
{%- endmacro %}

{% macro default__read_offset(text) -%}
timezone('UTC', try_cast({{ text }} as timestamp with time zone))
{%- endmacro %}

{% macro spark__read_offset(text) -%}
try_cast({{ text }} as timestamp)
{%- endmacro %}

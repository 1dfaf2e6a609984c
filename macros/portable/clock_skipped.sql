{#
  Whether a text shows a wall clock that did not exist: clocks were put forward over it that night, and
  utc_instant takes it for the time an hour later. False where the text carries its zone, or can't be read.

  Example: {{ clock_skipped('sold_at', feed) }}   '2026-03-08 02:30:00' in New York -> true
#}
{% macro clock_skipped(text, feed) -%}
{%- set zone = written_zone(feed) -%}
coalesce(
    {%- for format in formats_of(feed.get('timestamp_format')) if not is_epoch(format) and not has_zone(format) -%}
    {%- set shown = wall_clock(text, format, feed) %}
    {{ local_time(to_utc(shown, zone), zone) }} <> {{ shown }},
    {%- endfor %}
    false
)
{%- endmacro %}

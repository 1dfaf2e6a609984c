{#
  The time zone of a row's clock, in SQL: the feed's `time_zone`, or what the feed's
  `time_zone_column` says, if anything: one of its `time_zones`, or a name that its `zone_names` give
  the zone of. Null for any other.

  Why: stores of one feed may keep different clocks, and engines fail on a zone they don't know.
  Example: {{ clock_zone(feed('pos', 'receipts')) }}   '' -> 'Asia/Shanghai', 'Mars' -> null
#}
{% macro clock_zone(feed) -%}
{%- set usual = "'" ~ feed.get('time_zone', 'UTC') ~ "'" -%}
{%- if feed.get('time_zone_column') -%}
{%- set zones = {} -%}
{%- for zone in feed.get('time_zones', []) -%}
    {%- do zones.update({zone: zone}) -%}
{%- endfor -%}
{%- for name, zone in feed.get('zone_names', {}).items() if '/' in zone -%}
    {%- do zones.update({name: zone}) -%}
{%- endfor -%}
case coalesce({{ clean_text(feed.time_zone_column) }}, '')
    when '' then {{ usual }}
    {%- for name, zone in zones.items() %}
    when '{{ name }}' then '{{ zone }}'
    {%- endfor %}
end
{%- else -%}
{{ usual }}
{%- endif -%}
{%- endmacro %}

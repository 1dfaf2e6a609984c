{#
  The time zone of a row's clock, in SQL: the feed's `time_zone`, or what the feed's
  `time_zone_column` says, if anything. Null for a zone that is not among its `time_zones`.

  Why: stores of one feed may keep different clocks, and engines fail on a zone they don't know.
  Example: {{ clock_zone(feed('pos', 'receipts')) }}   '' -> 'Asia/Shanghai', 'Mars' -> null
#}
{% macro clock_zone(feed) -%}
{%- set usual = "'" ~ feed.get('time_zone', 'UTC') ~ "'" -%}
{%- if feed.get('time_zone_column') -%}
{%- set named = clean_text(feed.time_zone_column) -%}
case
    when {{ named }} is null then {{ usual }}
    when {{ named }} in ('{{ feed.time_zones | join("', '") }}') then {{ named }}
end
{%- else -%}
{{ usual }}
{%- endif -%}
{%- endmacro %}

{#
  The wall clock of a UTC instant in a zone, as a timestamp.
  Why: the function has another name on every engine.
  Example: {{ local_time('ordered_at', "'Asia/Shanghai'") }}
#}
{% macro local_time(instant, zone) -%}
{{ return(adapter.dispatch('local_time')(instant, zone)) }}
{%- endmacro %}

{% macro default__local_time(instant, zone) -%}
timezone({{ zone }}, timezone('UTC', {{ instant }}))
{%- endmacro %}

{% macro spark__local_time(instant, zone) -%}
from_utc_timestamp({{ instant }}, {{ zone }})
{%- endmacro %}


{#
  The business date of a UTC instant: the calendar day at the store.
  Why: an order at 00:30 in Shanghai is of the day before in UTC.
  Example: {{ local_date('ordered_at', "'Asia/Shanghai'") }}
#}
{% macro local_date(instant, zone) -%}
cast({{ local_time(instant, zone) }} as date)
{%- endmacro %}


{#
  The business date that a text means: utc_instant, seen from the feed's own zone, or the row's.
  Example: {{ business_date('sold_at', feed('pos', 'receipts')) }}
#}
{% macro business_date(text, feed) -%}
{{ local_date(utc_instant(text, feed), clock_zone(feed)) }}
{%- endmacro %}


{#
  The hour of the day, 0 to 23, that a text means: utc_instant, seen from the feed's own zone, or the row's. Null at midnight to
  the second, which is how a day without a time of day is read.
  Example: {{ business_hour('sold_at', feed('pos', 'receipts')) }}   '2026-01-05 12:40:00' -> 12
#}
{% macro business_hour(text, feed) -%}
{{ hour_shown(utc_instant(text, feed), feed) }}
{%- endmacro %}


{# The hour of the day that the feed's clocks show at an instant; null at midnight to the second. #}
{% macro hour_shown(instant, feed) -%}
{%- set clock = local_time(instant, clock_zone(feed)) -%}
cast(case when {{ clock }} <> date_trunc('day', {{ clock }}) then extract(hour from {{ clock }}) end as bigint)
{%- endmacro %}

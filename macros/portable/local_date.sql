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

{#
  The business date of a UTC instant: the calendar day at the store.
  Why: an order at 00:30 in Shanghai is of the day before in UTC.
  Example: {{ local_date('ordered_at', "'Asia/Shanghai'") }}
#}
{% macro local_date(instant, zone) -%}
{{ return(adapter.dispatch('local_date')(instant, zone)) }}
{%- endmacro %}

{% macro default__local_date(instant, zone) -%}
cast(timezone({{ zone }}, timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{% macro spark__local_date(instant, zone) -%}
cast(from_utc_timestamp({{ instant }}, {{ zone }}) as date)
{%- endmacro %}


{#
  The business date that a text means: utc_instant, seen from the feed's own zone, or the row's.
  Example: {{ business_date('sold_at', feed('pos', 'receipts')) }}
#}
{% macro business_date(text, feed) -%}
{{ local_date(utc_instant(text, feed), clock_zone(feed)) }}
{%- endmacro %}

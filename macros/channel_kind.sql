{#
  Whether an order was placed in a store or online, by the variables store_channels and offline_channels; null where it was
  neither, as by phone, and where its source names no channel.

  Example: {{ channel_kind('orders.channel') }}   'app' -> 'online'
#}
{% macro channel_kind(channel) -%}
case
    when {{ channel }} in ('{{ var("store_channels") | join("', '") }}') then 'store'
    when {{ channel }} not in ('{{ var("offline_channels") | join("', '") }}') then 'online'
end
{%- endmacro %}

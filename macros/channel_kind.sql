{#
  Whether an order was placed in a store or online, by the variable store_channels; null where its source names no channel.

  Example: {{ channel_kind('orders.channel') }}   'app' -> 'online'
#}
{% macro channel_kind(channel) -%}
case
    when {{ channel }} in ('{{ var("store_channels") | join("', '") }}') then 'store'
    when {{ channel }} is not null then 'online'
end
{%- endmacro %}

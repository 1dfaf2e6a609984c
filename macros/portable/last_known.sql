{#
  The last value that is not null within a window's frame, the window following it; null where none is.
  Why: the engines put `ignore nulls` in different places.
  Example: {{ last_known('customer_id') }} over (partition by device_id order by occurred_at nulls last, event_id nulls last)
#}
{% macro last_known(column) -%}
{{ return(adapter.dispatch('last_known')(column)) }}
{%- endmacro %}

{% macro default__last_known(column) -%}
last_value({{ column }} ignore nulls)
{%- endmacro %}

{% macro spark__last_known(column) -%}
last_value({{ column }}, true)
{%- endmacro %}

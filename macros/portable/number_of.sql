{#
  A name as a number of 60 bits, the same on every engine and in every build: what is counted of millions is counted by numbers, since
  letters take longer to compare. Of ten million names two have the same one in one case of twenty thousand.

  Why not a place in the order of names: it would be another one for many whenever somebody comes. Why hexadecimal digits: they are the
  only hash that engines share. Why another macro for Spark: it reads them by a function.
  Example: {{ number_of('customer_id') }}
#}
{% macro number_of(name) -%}
{{ adapter.dispatch('number_of')(name) }}
{%- endmacro %}

{% macro default__number_of(name) -%}
cast('0x' || left(md5({{ name }}), 15) as bigint)
{%- endmacro %}

{% macro spark__number_of(name) -%}
cast(conv(left(md5({{ name }}), 15), 16, 10) as bigint)
{%- endmacro %}

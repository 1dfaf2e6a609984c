{#
  A hash of several columns in 64 bits, for comparing many rows cheaply: different rows have the same one time in 10^19.
  It differs between engines and their versions, so that it is never stored.

  Why another macro for Spark: its hash of several columns leaves nulls out, so that (null, 'a') would equal ('a', null).
  Example: group by {{ hash_64(['order_id']) }} having count(*) > 1
#}
{% macro hash_64(columns) -%}
{{ adapter.dispatch('hash_64')(columns) }}
{%- endmacro %}

{% macro default__hash_64(columns) -%}
hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__hash_64(columns) -%}
xxhash64({{ hash_key(columns) }})
{%- endmacro %}

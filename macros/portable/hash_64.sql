{#
  A 64-bit hash of a text, for finding what is worth a comparison. It differs between engines and their versions,
  and different texts may have the same: it is never stored, and what it finds is compared in full.

  Example: group by {{ hash_64('order_id') }} having count(*) > 1
#}
{% macro hash_64(column) -%}
{{ adapter.dispatch('hash_64')(column) }}
{%- endmacro %}

{% macro default__hash_64(column) -%}
hash({{ column }})
{%- endmacro %}

{% macro spark__hash_64(column) -%}
xxhash64({{ column }})
{%- endmacro %}

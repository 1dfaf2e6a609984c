{#
  A 64-bit hash of a column or several, for finding what is worth a comparison. It differs between engines and their
  versions, and different values may have the same: it is never stored, and what it finds is compared in full.

  Example: group by {{ hash_64('order_id, line_number') }} having count(*) > 1
#}
{% macro hash_64(columns) -%}
{{ adapter.dispatch('hash_64')(columns) }}
{%- endmacro %}

{% macro default__hash_64(columns) -%}
hash({{ columns }})
{%- endmacro %}

{% macro spark__hash_64(columns) -%}
xxhash64({{ columns }})
{%- endmacro %}

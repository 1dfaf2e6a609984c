{#
  The rows of an entity as landed, each with its place in the order of deliveries.

  What: union_sources plus `row_hash` (of what the row says, not of where it came from) and
  `delivery_order` (null when a later version of the same file has replaced it).
  Why: which of two rows is the later one must not depend on the day on which files arrived.
  Example: {{ landed_rows('orders') }}
#}
{% macro landed_rows(entity) -%}
{%- set facts = contract_columns(entity) | reject('in', ['_file', '_line', '_batch', '_landed_at']) -%}
with delivered as (

    {{ union_sources(entity) }}

),

deliveries as (

    select * from {{ ref('int_current_deliveries') }}

),

placed as (

    select
        delivered.*,
        {{ hash_key(facts | list) }} as row_hash,
        deliveries.delivery_order
    from delivered
    left join deliveries on delivered._batch = deliveries.batch
    {%- if var('known_at') %}
    where delivered._landed_at < cast('{{ var("known_at") }}' as timestamp)
    {%- endif %}

)

select * from placed
{%- endmacro %}

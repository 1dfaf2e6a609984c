{#
  Says of every landed row what becomes of it: `row_status` is exactly one of
  superseded   a later version of its file, or a later row with the same key, has replaced it
  quarantined  a validation rule refused it (`reason_code` says which)
  duplicate    it repeats, word for word, the row that was accepted
  accepted     the latest valid delivery of its key

  relation: a CTE with the columns of landed_rows and `reason_code`; key: the entity's key column.
  Example: {{ settle_deliveries('validated', 'order_id') }}
#}
{% macro settle_deliveries(relation, key) -%}
    select
        ranked.*,
        case
            when delivery_order is null then 'superseded'
            when reason_code is not null then 'quarantined'
            when delivery_rank = 1 then 'accepted'
            when row_hash = latest_row_hash then 'duplicate'
            else 'superseded'
        end as row_status
    from (
        select
            {{ relation }}.*,
            cast(row_number() over latest_first as bigint) as delivery_rank,
            first_value(row_hash) over latest_first as latest_row_hash
        from {{ relation }}
        window latest_first as (
            partition by {{ key }}, delivery_order is null, reason_code is not null
            order by delivery_order desc nulls last, _line desc nulls last, _batch desc nulls last
        )
    ) as ranked
{%- endmacro %}

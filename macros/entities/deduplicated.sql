{#
  Says of every delivered row what becomes of it: `row_status` is exactly one of
  superseded   a later version of its file, or a later row with the same key, has replaced it
  quarantined  a validation rule refused it (`reason_code` says which)
  duplicate    it repeats, word for word, the row that was accepted
  accepted     the latest valid delivery of its key

  What: CTEs to put after one that has the columns of int_<entity>_delivered and `reason_code`; the last is called
  deduplicated. Why: only keys that come more than once are compared, which hardly any do: to rank and to hash
  every row would cost five times as much.
  Example: {{ deduplicated('validated', 'orders', 'order_id') }} select * from deduplicated
#}
{% macro deduplicated(relation, entity, key) -%}
repeated as (

    select {{ hash_64(key) }} as key_hash
    from {{ relation }}
    where delivery_order is not null
        and reason_code is null
    group by {{ hash_64(key) }}
    having count(*) > 1

),

contested as (

    select
        {{ relation }}.*,
        {{ hash_key(facts_of(entity) or [key]) }} as row_hash
    from {{ relation }}
    semi join repeated on {{ hash_64(relation ~ '.' ~ key) }} = repeated.key_hash
    where delivery_order is not null
        and reason_code is null

),

ranked as (

    select
        source_system,
        _batch,
        _line,
        row_hash,
        row_number() over latest_first as delivery_rank,
        first_value(row_hash) over latest_first as latest_row_hash
    from contested
    window latest_first as (
        partition by {{ key }}
        order by delivery_order desc nulls last, _line desc nulls last, _batch desc nulls last
    )

),

deduplicated as (

    select
        {{ relation }}.*,
        case
            when {{ relation }}.delivery_order is null then 'superseded'
            when {{ relation }}.reason_code is not null then 'quarantined'
            when coalesce(ranked.delivery_rank, 1) = 1 then 'accepted'
            when ranked.row_hash = ranked.latest_row_hash then 'duplicate'
            else 'superseded'
        end as row_status
    from {{ relation }}
    left join ranked
        on {{ relation }}._batch = ranked._batch
        and {{ relation }}._line = ranked._line
        and {{ relation }}.source_system = ranked.source_system

)
{%- endmacro %}

{#
  Says of every delivered row what becomes of it: `row_status` is exactly one of
  superseded   a later version of its file, or a later row with the same key, has replaced it
  quarantined  a validation rule refused it (`reason_code` says which)
  duplicate    it repeats, word for word, the row that was accepted
  accepted     the latest valid delivery of its key

  What: CTEs to put after one that has the columns of int_<entity>_delivered and `reason_code`; the last is called
  deduplicated. Why so: most keys come once. Hashes of 64 bits find those that come more than once, and only these are
  compared; their rows have a place in the order of deliveries that is one number, so that nothing is sorted.
  Example: {{ deduplicated('validated', 'orders', 'order_id') }} select * from deduplicated
#}
{% macro deduplicated(relation, entity, key) -%}
{%- set facts = facts_of(entity) or [key] -%}
{%- set is_valid = 'delivery_number is not null and reason_code is null' -%}
repeated as (

    select {{ hash_64([key]) }} as key_hash
    from {{ relation }}
    where {{ is_valid }}
    group by {{ hash_64([key]) }}
    having count(*) > 1

),

contested as (

    select
        {{ key }} as contested_key,
        {{ place_of_delivery() }} as place,
        {{ hash_64(facts) }} as row_hash
    from {{ relation }}
    semi join repeated on {{ hash_64([relation ~ '.' ~ key]) }} = repeated.key_hash
    where {{ is_valid }}

),

latest as (

    select
        contested_key,
        max(place) as place,
        max_by(row_hash, place) as row_hash
    from contested
    group by contested_key

),

deduplicated as (

    select
        {{ relation }}.*,
        case
            when delivery_number is null then 'superseded'
            when reason_code is not null then 'quarantined'
            when latest.place is null or latest.place = {{ place_of_delivery() }} then 'accepted'
            when latest.row_hash = {{ hash_64(facts) }} then 'duplicate'
            else 'superseded'
        end as row_status
    from {{ relation }}
    left join latest on {{ relation }}.{{ key }} = latest.contested_key

)
{%- endmacro %}


{# Where a row stands in the order of deliveries: by the file, then by the line; a file has fewer lines than 2^40. #}
{% macro place_of_delivery() -%}
delivery_number * 1099511627776 + _line
{%- endmacro %}

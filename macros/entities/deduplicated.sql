{#
  Says of every delivered row what becomes of it: `row_status` is exactly one of
  superseded   a later version of its file, or a later row with the same key, has replaced it
  ignored      its feed declares it to be of another kind, or of none (macro row_kind)
  quarantined  a validation rule refused it (`reason_code` says which)
  duplicate    it repeats, word for word, the row that was accepted
  accepted     the latest valid delivery of its key
  `is_replaced_within_file` tells of a superseded row that a row of the same version of the same file replaced it: a
  file that does so to many has a key that does not tell its rows apart.

  What: CTEs to put after one that has the columns of int_<entity>_delivered and `reason_code`; the last is called
  deduplicated. Why so: most keys come once. Hashes of 64 bits find those that come more than once, and only these are
  compared; their rows have a place in the order of deliveries that is one number, so that nothing is sorted.
  Example: {{ deduplicated('validated', 'orders', 'order_id') }} select * from deduplicated
#}
{% macro deduplicated(relation, entity, key) -%}
{#- A file that comes between others changes the place of many, which is nothing to those who read the table. -#}
{{ config(meta={'read_for_nulls': 'delivery_number'}) }}
{%- set facts = facts_of(entity) or [key] -%}
{%- set is_valid = 'delivery_number is not null and _row_kind is null and reason_code is null' -%}
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
            when _row_kind = 'ignored' then 'ignored'
            when reason_code is not null then 'quarantined'
            when latest.place is null or latest.place = {{ place_of_delivery() }} then 'accepted'
            when latest.row_hash = {{ hash_64(facts) }} then 'duplicate'
            else 'superseded'
        end as row_status,
        case
            when latest.place > {{ place_of_delivery() }}
                and latest.place < {{ place_of_delivery('delivery_number + 1', 0) }}
                then row_status = 'superseded'
            else false
        end as is_replaced_within_file
    from {{ relation }}
    left join latest on {{ relation }}.{{ key }} = latest.contested_key

)
{%- endmacro %}


{# Where a row stands in the order of deliveries: by the file, then by the line; a file has fewer lines than 2^40. #}
{% macro place_of_delivery(delivery='delivery_number', line='_line') -%}
({{ delivery }}) * 1099511627776 + {{ line }}
{%- endmacro %}

{%- set feed = feed('square', 'transactions') -%}

with source as (

    select * from {{ source('square', 'transactions') }}

),

renamed as (

    select
        {{ source_key('square', 'location') }} as store_id,
        {{ clean_text('location') }} as source_store_id,
        {{ clean_text('location') }} as store_name,
        {{ row_kind('stores', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

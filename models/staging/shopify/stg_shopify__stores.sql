{%- set feed = feed('shopify', 'orders') -%}

with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ source_key('shopify', 'location') }} as store_id,
        {{ clean_text('location') }} as source_store_id,
        {{ clean_text('location') }} as store_name,
        {{ row_kind('stores', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

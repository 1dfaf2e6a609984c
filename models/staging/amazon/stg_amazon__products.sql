{%- set feed = feed('amazon', 'orders') -%}

with source as (

    select * from {{ source('amazon', 'orders') }}

),

renamed as (

    select
        {{ source_key('amazon', 'sku') }} as product_id,
        {{ clean_text('sku') }} as source_product_id,
        {{ clean_text('product_name') }} as product_name,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

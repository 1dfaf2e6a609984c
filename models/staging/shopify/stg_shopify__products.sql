{%- set feed = feed('shopify', 'orders') -%}

with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ source_key('shopify', 'coalesce(sku, line_name)') }} as product_id,
        {{ clean_key('coalesce(sku, line_name)') }} as source_product_id,
        {{ clean_text('line_name') }} as product_name,
        {{ clean_text('vendor') }} as brand,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

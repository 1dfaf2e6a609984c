{%- set feed = feed('woocommerce', 'orders') -%}

with source as (

    select * from {{ source('woocommerce', 'orders') }}

),

renamed as (

    select
        {{ source_key('woocommerce', 'coalesce(item_sku, item_product_id)') }} as product_id,
        {{ clean_key('coalesce(item_sku, item_product_id)') }} as source_product_id,
        {{ clean_text('item_name') }} as product_name,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

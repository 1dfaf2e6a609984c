{%- set feed = feed('taobao', 'items') -%}

with source as (

    select * from {{ source('taobao', 'items') }}

),

renamed as (

    select
        {{ source_key('taobao', 'coalesce(merchant_code, system_code, item_id)') }} as product_id,
        {{ clean_key('coalesce(merchant_code, system_code, item_id)') }} as source_product_id,
        {{ clean_text('title') }} as product_name,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('taobao', 'items') -%}

with source as (

    select
        *,
        coalesce({{ clean_key('merchant_code') }}, {{ clean_key('system_code') }}, {{ clean_key('item_id') }})
            as product_code
    from {{ source('taobao', 'items') }}

),

renamed as (

    select
        {{ source_key('taobao', 'product_code') }} as product_id,
        product_code as source_product_id,
        {{ clean_text('title') }} as product_name,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select
        *,
        coalesce({{ clean_key('specification_code') }}, {{ clean_key('product_code') }}) as sold_code
    from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ source_key('youzan', 'sold_code') }} as product_id,
        sold_code as source_product_id,
        {{ clean_text('product_name') }} as product_name,
        {{ clean_text('category') }} as category,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

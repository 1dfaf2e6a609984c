{%- set feed = feed('square', 'items') -%}
{%- set variation = "(item || coalesce(' - ' || price_point, ''))" -%}

with source as (

    select * from {{ source('square', 'items') }}

),

renamed as (

    select
        {{ source_key('square', 'coalesce(sku, ' ~ variation ~ ')') }} as product_id,
        {{ clean_key('coalesce(sku, ' ~ variation ~ ')') }} as source_product_id,
        {{ clean_text(variation) }} as product_name,
        {{ clean_text('category') }} as category,
        {{ row_kind('products', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('erp', 'products') }}

),

renamed as (

    select
        {{ source_key('erp', 'sku') }} as product_id,
        {{ clean_key('sku', 'erp') }} as source_product_id,
        {{ clean_text('product_name') }} as product_name,
        {{ clean_text('brand') }} as brand,
        {{ clean_text('department') }} as department,
        {{ clean_text('category') }} as category,
        {{ clean_text('package_size') }} as package_size,
        {{ parse_decimal('list_price', 2) }} as list_price,
        cast({{ parse_decimal('lead_time_days', 0) }} as bigint) as lead_time_days,
        _line, _batch, _landed_at
    from source

)

select * from renamed

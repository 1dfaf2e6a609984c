with source as (

    select * from {{ source('pos', 'products') }}

),

renamed as (

    select
        'pos' as source_system,
        {{ source_key('pos', 'sku') }} as product_id,
        {{ clean_text('sku') }} as source_product_id,
        {{ clean_text('product_name') }} as product_name,
        {{ clean_text('brand') }} as brand,
        {{ clean_text('department') }} as department,
        {{ clean_text('category') }} as category,
        {{ clean_text('package_size') }} as package_size,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

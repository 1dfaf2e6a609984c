with source as (

    select * from {{ source('complete_journey', 'products') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'product_id') }} as product_id,
        {{ clean_key('product_id', 'complete_journey') }} as source_product_id,
        {{ clean_text('product_type') }} as product_name,
        {{ clean_text('brand') }} as brand,
        {{ clean_text('department') }} as department,
        {{ clean_text('product_category') }} as category,
        {{ clean_text('package_size') }} as package_size,
        _line, _batch, _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('shop', 'order_items') }}

),

renamed as (

    select
        'shop' as source_system,
        {{ source_key('shop', 'order_no') }} || ':' || {{ clean_text('item_no') }}
            as order_line_id,
        {{ source_key('shop', 'order_no') }} as order_id,
        {{ source_key('pos', 'sku') }} as product_id,
        try_cast(quantity as decimal(18,3)) as quantity,
        cast(
            try_cast(price as decimal(18,2)) * try_cast(quantity as decimal(18,3))
            as decimal(18,2)
        ) as gross_amount,
        try_cast(coalesce({{ clean_text('discount') }}, '0') as decimal(18,2)) as discount_amount,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('stall', 'items') }}

),

renamed as (

    select
        {{ source_key('stall', 'sale_no') }} || ':' || {{ clean_text('item_no') }} as order_line_id,
        {{ source_key('stall', 'sale_no') }} as order_id,
        {{ source_key('stall', 'sku') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        {{ parse_decimal('amount', 2) }} as gross_amount,
        cast(0 as decimal(18,2)) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed

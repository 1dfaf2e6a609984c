with source as (

    select * from {{ source('shop', 'order_items') }}

),

renamed as (

    select
        {{ source_key('shop', 'order_no') }} || ':' || {{ clean_key('item_no') }}
            as order_line_id,
        {{ source_key('shop', 'order_no') }} as order_id,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        {{ line_worth(parse_decimal('quantity', 3), parse_decimal('price', 6)) }} as gross_amount,
        {{ parse_decimal("coalesce(" ~ clean_text('discount') ~ ", '0')", 2) }} as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed

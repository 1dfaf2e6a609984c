with source as (

    select * from {{ source('pos', 'receipt_lines') }}

),

renamed as (

    select
        {{ source_key('pos', 'receipt_no') }} || ':' || {{ clean_key('line_no') }}
            as order_line_id,
        {{ source_key('pos', 'receipt_no') }} as order_id,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        {{ parse_decimal('amount', 2) }} as gross_amount,
        {{ parse_decimal("coalesce(" ~ clean_text('discount') ~ ", '0')", 2) }} as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed

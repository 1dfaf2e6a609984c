with source as (

    select * from {{ source('corner', 'sales') }}

),

renamed as (

    select
        {{ source_key('corner', 'sale_no') }} || ':' || {{ clean_text('line_no') }} as order_line_id,
        {{ source_key('corner', 'sale_no') }} as order_id,
        {{ source_key('corner', 'sku') }} as product_id,
        cast(1 as decimal(18,3)) as quantity,
        {{ parse_decimal('amount', 2) }} as gross_amount,
        cast(0 as decimal(18,2)) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed

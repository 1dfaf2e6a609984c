with source as (

    select * from {{ source('pos', 'receipt_lines') }}

),

renamed as (

    select
        'pos' as source_system,
        {{ source_key('pos', 'receipt_no') }} || ':' || {{ clean_text('line_no') }}
            as order_line_id,
        {{ source_key('pos', 'receipt_no') }} as order_id,
        {{ source_key('pos', 'sku') }} as product_id,
        try_cast(quantity as decimal(18,3)) as quantity,
        try_cast(amount as decimal(18,2)) as gross_amount,
        try_cast(coalesce({{ clean_text('discount') }}, '0') as decimal(18,2)) as discount_amount,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

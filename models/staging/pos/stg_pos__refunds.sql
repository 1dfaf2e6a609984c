with source as (

    select * from {{ source('pos', 'returns') }}

),

renamed as (

    select
        {{ source_key('pos', 'return_no') }} as refund_id,
        coalesce(
            {{ source_key('pos', 'receipt_no') }},
            {{ source_key('shop', 'web_order_no') }}
        ) as order_id,
        {{ parse_date('returned_on', feed('pos', 'returns')) }} as refunded_on,
        {{ parse_decimal('amount', 2) }} as refund_amount,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('shop', 'payments') }}

),

renamed as (

    select
        {{ source_key('shop', 'payment_no') }} as payment_id,
        {{ source_key('shop', 'order_no') }} as order_id,
        {{ lower_ascii(clean_text('method')) }} as payment_method,
        {{ parse_decimal('amount', 2) }} as payment_amount,
        {{ clean_key('card_token') }} as card_token,
        _line, _batch, _landed_at
    from source

)

select * from renamed

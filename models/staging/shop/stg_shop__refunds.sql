with source as (

    select * from {{ source('shop', 'refunds') }}

),

renamed as (

    select
        {{ source_key('shop', 'refund_no') }} as refund_id,
        {{ source_key('shop', 'order_no') }} as order_id,
        {{ business_date('refunded_at', feed('shop', 'refunds')) }} as refunded_on,
        {{ parse_decimal('amount', 2) }} as refund_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed

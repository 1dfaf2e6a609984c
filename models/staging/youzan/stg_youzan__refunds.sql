{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select * from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ source_key('youzan', 'order_no') }} || ':' || {{ place_within('order_no') }} || ':refund'
            as refund_id,
        {{ source_key('youzan', 'order_no') }} as order_id,
        {{ business_date('created_at', feed) }} as refunded_on,
        {{ parse_decimal('refunded', 2) }} as refund_amount,
        {{ row_kind('refunds', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('shopify', 'orders') -%}

-- The export says how much was given back of all that was paid, and not when: it counts from the day
-- of the cancellation or of the order.
with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ source_key('shopify', 'name') }} || ':refunded' as refund_id,
        {{ source_key('shopify', 'name') }} as order_id,
        {{ parse_date('substring(coalesce(cancelled_at, created_at), 1, 10)', feed) }}
            as refunded_on,
        {{ parse_decimal('refunded_amount', 2) }} as refund_amount,
        {{ row_kind('refunds', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

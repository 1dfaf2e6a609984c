{%- set feed = feed('shopify', 'orders') -%}

-- The export says what was given back of all that was paid, tax and tips too, and not when: it
-- counts from the day of the cancellation or of the order, and as the share of goods and
-- shipping in the total.
with source as (

    select * from {{ source('shopify', 'orders') }}

),

read as (

    select
        *,
        {{ parse_decimal('refunded_amount', 2) }} as given_back_amount,
        {{ parse_decimal('subtotal', 2) }} + {{ amount_or_zero('shipping') }} as sales_amount,
        {{ parse_decimal('total', 2) }} as total_amount
    from source

),

renamed as (

    select
        {{ source_key('shopify', 'name') }} || ':refunded' as refund_id,
        {{ source_key('shopify', 'name') }} as order_id,
        {{ parse_date('substring(coalesce(cancelled_at, created_at), 1, 10)', feed) }}
            as refunded_on,
        cast(
            {{ share_of('given_back_amount', 'sales_amount', 'total_amount') }} as decimal(18,2)
        ) as refund_amount,
        {{ row_kind('refunds', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from read

)

select * from renamed

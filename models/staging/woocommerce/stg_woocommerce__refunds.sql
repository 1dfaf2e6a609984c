{%- set feed = feed('woocommerce', 'orders') -%}

-- All of it counts from the day of the first refund, which the export writes as id:…|date:…|amount:…,
-- or else from that of the order.
with source as (

    select
        *,
        coalesce(nullif({{ regex_part('refunds', 'date:([0-9-]{10})', 1) }}, ''), ordered_at)
            as refunded_at
    from {{ source('woocommerce', 'orders') }}

),

renamed as (

    select
        {{ source_key('woocommerce', 'order_id') }} || ':refunded' as refund_id,
        {{ source_key('woocommerce', 'order_id') }} as order_id,
        {{ business_date('refunded_at', feed) }} as refunded_on,
        {{ parse_decimal('refunded_total', 2) }} as refund_amount,
        {{ row_kind('refunds', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

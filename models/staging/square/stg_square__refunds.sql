{%- set feed = feed('square', 'transactions') -%}

-- A refund of an amount, not of items, stands in a column of its own.
with source as (

    select * from {{ source('square', 'transactions') }}

),

renamed as (

    select
        {{ source_key('square', 'payment_id') }} as refund_id,
        {{ source_key('square', 'transaction_id') }} as order_id,
        {{ parse_date('sold_on', feed) }} as refunded_on,
        cast(
            -{{ parse_amount('net_sales', feed) }}
            - {{ parse_amount("coalesce(partial_refunds, '0')", feed) }}
            as decimal(18,2)
        ) as refund_amount,
        true as is_revenue_alone,
        '{{ feed.currency }}' as currency,
        {{ row_kind('refunds', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

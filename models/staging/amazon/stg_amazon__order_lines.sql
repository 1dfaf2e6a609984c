{%- set feed = feed('amazon', 'orders') -%}

with source as (

    select * from {{ source('amazon', 'orders') }}

),

renamed as (

    select
        {{ source_key('amazon', 'amazon_order_id') }} || ':' || {{ clean_key('sku') }} || ':'
            || {{ place_within("(amazon_order_id || ' ' || sku)") }} as order_line_id,
        {{ source_key('amazon', 'amazon_order_id') }} as order_id,
        {{ source_key('amazon', 'sku') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        -- What is not paid yet, and what was cancelled, has no price; all else must have one.
        case
            when order_status like 'Pending%' or {{ parse_decimal('quantity', 3) }} = 0
                then {{ amount_or_zero('item_price') }}
            else {{ parse_decimal('item_price', 2) }}
        end as gross_amount,
        -- Described as below zero, and written above.
        cast(abs({{ amount_or_zero('item_promotion_discount') }}) as decimal(18,2)) as discount_amount,
        {{ row_kind('order_lines', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

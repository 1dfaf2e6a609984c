{%- set feed = feed('woocommerce', 'orders') -%}

with source as (

    select * from {{ source('woocommerce', 'orders') }}

),

renamed as (

    select
        {{ source_key('woocommerce', 'order_id') }} || ':' || {{ clean_key('item_id') }} as order_line_id,
        {{ source_key('woocommerce', 'order_id') }} as order_id,
        {{ source_key('woocommerce', 'coalesce(item_sku, item_product_id)') }} as product_id,
        {{ parse_decimal('item_quantity', 3) }} as quantity,
        {{ parse_decimal('item_subtotal', 2) }} as gross_amount,
        cast(
            {{ parse_decimal('item_subtotal', 2) }} - {{ parse_decimal('item_total', 2) }}
            as decimal(18,2)
        ) as discount_amount,
        {{ row_kind('order_lines', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

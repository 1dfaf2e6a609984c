{%- set feed = feed('shopify', 'orders') -%}

with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ source_key('shopify', 'name') }} || ':' || {{ place_within('name') }} as order_line_id,
        {{ source_key('shopify', 'name') }} as order_id,
        {{ source_key('shopify', 'coalesce(sku, line_name)') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        {{ line_worth(parse_decimal('quantity', 3), parse_decimal('price', 6)) }} as gross_amount,
        {{ amount_or_zero('line_discount') }} as discount_amount,
        {{ row_kind('order_lines', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('square', 'items') -%}
{%- set variation = "(item || coalesce(' - ' || price_point, ''))" -%}

-- What is given back of a transaction stands above it, so that places are counted among what was
-- sold alone.
with source as (

    select * from {{ source('square', 'items') }}

),

renamed as (

    select
        {{ source_key('square', 'transaction_id') }} || ':'
            || {{ place_within("(transaction_id || ' ' || event_type)") }} as order_line_id,
        {{ source_key('square', 'transaction_id') }} as order_id,
        {{ source_key('square', 'coalesce(sku, ' ~ variation ~ ')') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        {{ parse_amount('gross_sales', feed) }} as gross_amount,
        cast(-{{ parse_amount('discounts', feed) }} as decimal(18,2)) as discount_amount,
        {{ row_kind('order_lines', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

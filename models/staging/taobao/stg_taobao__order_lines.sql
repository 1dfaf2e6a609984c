-- The place of an item in its order, although the present layout has numbers of items: the older one has
-- none, and an order that was exported in both has each item once.
with source as (

    select
        *,
        {{ line_worth(parse_decimal('quantity', 3), parse_decimal('price', 6)) }} as gross_amount,
        coalesce({{ clean_key('merchant_code') }}, {{ clean_key('system_code') }}, {{ clean_key('item_id') }})
            as product_code
    from {{ source('taobao', 'items') }}

),

renamed as (

    select
        {{ source_key('taobao', 'order_no') }} || ':' || {{ place_within('order_no') }} as order_line_id,
        {{ source_key('taobao', 'order_no') }} as order_id,
        {{ source_key('taobao', 'product_code') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        gross_amount,
        cast(
            case
                when {{ clean_text('payable') }} is null then 0
                else gross_amount - {{ parse_decimal('payable', 2) }}
            end as decimal(18,2)
        ) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed

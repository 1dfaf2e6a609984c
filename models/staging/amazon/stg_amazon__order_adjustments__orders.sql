{%- set feed = feed('amazon', 'orders') -%}

with source as (

    select * from {{ source('amazon', 'orders') }}

),

read as (

    select
        {{ source_key('amazon', 'amazon_order_id') }} || ':' || {{ clean_key('sku') }} || ':'
            || {{ place_within("(amazon_order_id || ' ' || sku)") }} as adjusted_id,
        {{ source_key('amazon', 'amazon_order_id') }} as order_id,
        {{ amount_or_zero('shipping_price') }} as shipping_amount,
        -- Described as below zero, and written above.
        abs({{ amount_or_zero('ship_promotion_discount') }}) as shipping_discount_amount,
        {{ amount_or_zero('gift_wrap_price') }} as wrapping_amount,
        {{ amount_or_zero('item_tax') }} + {{ amount_or_zero('shipping_tax') }}
            + {{ amount_or_zero('gift_wrap_tax') }} as tax_amount,
        sales_channel in ('{{ feed.get('tax_on_top', []) | join("', '") }}') as is_tax_on_top,
        {{ row_kind('order_adjustments__orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

),

renamed as (

    {{ adjustments_by_kind('read', {
        'shipping': 'shipping_amount',
        'discount': '-shipping_discount_amount',
        'fee': 'wrapping_amount',
        'tax': 'case when is_tax_on_top then tax_amount else 0 end',
        'included_tax': 'case when is_tax_on_top then 0 else -tax_amount end',
    }) }}

)

select * from renamed

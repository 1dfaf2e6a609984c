{%- set feed = feed('shopify', 'orders') -%}
{%- set is_gift_card = "requires_shipping = 'false' and lower(line_name) like '%gift card%'" -%}
{%- set line_worth = line_worth(parse_decimal('quantity', 3), parse_decimal('price', 6)) -%}

-- Subtotal is what the lines cost after all discounts: what they exceed it by is the discount on
-- the order. What Total has besides is tax on top; tax for which it has no room is within the
-- prices. Where a gift card paid in part, the export does not say how much.
with source as (

    select * from {{ source('shopify', 'orders') }}

),

read as (

    select
        {{ source_key('shopify', 'name') }} as order_id,
        {{ source_key('shopify', 'name') }} as adjusted_id,
        coalesce(payment_method, '') = 'gift_card' as is_paid_by_gift_card,
        {{ parse_decimal('subtotal', 2) }} as goods_amount,
        {{ amount_or_zero('shipping') }} as shipping_amount,
        {{ amount_or_zero('taxes') }} as tax_amount,
        {{ parse_decimal('total', 2) }} as total_amount,
        sum({{ line_worth }} - {{ amount_or_zero('line_discount') }}) over of_order as lines_amount,
        sum(case when line_name = 'Tip' and sku is null then {{ line_worth }} else 0 end)
            over of_order as tip_amount,
        sum(case when {{ is_gift_card }} then {{ line_worth }} else 0 end)
            over of_order as gift_card_amount,
        {{ row_kind('order_adjustments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source
    window of_order as (partition by _batch, name)

),

weighed as (

    select
        *,
        total_amount - goods_amount - shipping_amount - tip_amount as tax_on_top_amount
    from read

),

renamed as (
    {{ adjustments_by_kind('weighed', {
        'discount': 'least(goods_amount - (lines_amount - tip_amount), 0)',
        'shipping': 'shipping_amount',
        'tax': 'tax_on_top_amount',
        'included_tax': '-greatest(tax_amount - tax_on_top_amount, 0)',
        'tip': 'tip_amount',
        'gift_card_sale': '-gift_card_amount',
        'gift_card_use': 'case when is_paid_by_gift_card then -total_amount else 0 end',
    }) }}
)

select * from renamed

{%- set feed = feed('woocommerce', 'orders') -%}

-- Where prices include tax, items are written with six decimals: what they are short of the total by
-- rounding is at most a cent each, and whatever is more is no rounding.
with source as (

    select * from {{ source('woocommerce', 'orders') }}

),

read as (

    select
        {{ source_key('woocommerce', 'order_id') }} as order_id,
        {{ source_key('woocommerce', 'order_id') }} as adjusted_id,
        {{ amount_or_zero('shipping_total') }} as shipping_amount,
        {{ amount_or_zero('fee_total') }} as fee_amount,
        {{ amount_or_zero('tax_total') }} as tax_amount,
        {{ parse_decimal('order_total', 2) }} as total_amount,
        sum({{ parse_decimal('item_total', 2) }}) over (partition by _batch, order_id) as items_amount,
        0.01 * count(*) over (partition by _batch, order_id) as most_amount,
        {{ row_kind('order_adjustments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

),

weighed as (

    select
        *,
        total_amount - tax_amount - shipping_amount - fee_amount - items_amount as rest_amount
    from read

),

renamed as (
    {{ adjustments_by_kind('weighed', {
        'shipping': 'shipping_amount',
        'fee': 'fee_amount',
        'tax': 'tax_amount',
        'rounding': 'case when abs(rest_amount) <= most_amount then rest_amount else 0 end',
    }) }}
)

select * from renamed

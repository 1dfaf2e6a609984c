{%- set feed = feed('square', 'transactions') -%}

-- Tax is on top of the prices where what was collected besides sales, tips and gift cards is
-- nearer to it than to nothing; what is still left is rounded cash. Gift cards sold are among no
-- lines, so that their money is added where it counts.
with source as (

    select * from {{ source('square', 'transactions') }}

),

read as (

    select
        {{ source_key('square', 'transaction_id') }} as order_id,
        {{ source_key('square', 'payment_id') }} as adjusted_id,
        {{ parse_amount("coalesce(service_charges, '0')", feed) }} as charge_amount,
        {{ parse_amount('net_sales', feed) }} as sales_amount,
        {{ parse_amount("coalesce(gift_card_sales, '0')", feed) }} as sold_card_amount,
        {{ parse_amount('tax', feed) }} as tax_amount,
        {{ parse_amount('tip', feed) }} as tip_amount,
        {{ parse_amount("coalesce(gift_card, '0')", feed) }} as used_card_amount,
        {{ parse_amount('total_collected', feed) }} as total_amount,
        {{ row_kind('order_adjustments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

),

weighed as (

    select
        *,
        total_amount - sales_amount - tip_amount - sold_card_amount as rest_amount
    from read

),

told as (

    select
        *,
        case when abs(rest_amount - tax_amount) <= abs(rest_amount) then tax_amount else 0 end
            as tax_on_top_amount
    from weighed

),

renamed as (
    {{ adjustments_by_kind('told', {
        'fee': 'charge_amount',
        'tax': 'tax_on_top_amount',
        'included_tax': '(tax_on_top_amount - tax_amount)',
        'tip': 'tip_amount',
        'gift_card_sale': 'sold_card_amount',
        'gift_card_use': '-used_card_amount',
        'rounding': '(rest_amount - tax_on_top_amount)',
    }, counts={'gift_card_sale': 'true' if var('gift_cards_count') == 'at_sale' else 'false'}) }}
)

select * from renamed

{%- set feed = feed('amazon', 'orders') -%}
{%- set tax -%}
{{ amount_or_zero('item_tax') }} + {{ amount_or_zero('shipping_tax') }} + {{ amount_or_zero('gift_wrap_tax') }}
{%- endset -%}
{%- set is_on_top = "sales_channel in ('" ~ feed.get('tax_on_top', []) | join("', '") ~ "')" -%}
{%- set amounts = {
    'shipping': amount_or_zero('shipping_price'),
    'discount': '-abs(' ~ amount_or_zero('ship_promotion_discount') ~ ')',
    'fee': amount_or_zero('gift_wrap_price'),
    'tax': 'case when ' ~ is_on_top ~ ' then ' ~ tax ~ ' else 0 end',
    'included_tax': 'case when ' ~ is_on_top ~ ' then 0 else -(' ~ tax ~ ') end',
} -%}

with source as (

    select
        *,
        {{ source_key('amazon', 'amazon_order_id') }} || ':' || {{ clean_text('sku') }} || ':'
            || {{ place_within("(amazon_order_id || ' ' || sku)") }} as order_line_id
    from {{ source('amazon', 'orders') }}

),

renamed as (

    {%- for kind, amount in amounts.items() %}
    select
        order_line_id || ':{{ kind }}' as adjustment_id,
        {{ source_key('amazon', 'amazon_order_id') }} as order_id,
        '{{ kind }}' as adjustment_kind,
        cast({{ amount }} as decimal(18,2)) as adjustment_amount,
        {{ row_kind('order_adjustments__orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from renamed

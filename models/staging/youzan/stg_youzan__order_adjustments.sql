{%- set feed = feed('youzan', 'orders') -%}
{%- set amounts = {
    'shipping': amount_or_zero('shipping'),
    'discount': 'case when ' ~ clean_text('deal_amount') ~ ' is null then -' ~ amount_or_zero('shop_discount') ~ ' else 0 end',
} -%}

with source as (

    select * from {{ source('youzan', 'orders') }}

),

renamed as (

    {%- for kind, amount in amounts.items() %}
    select
        {{ source_key('youzan', 'order_no') }} || ':{{ kind }}' as adjustment_id,
        {{ source_key('youzan', 'order_no') }} as order_id,
        '{{ kind }}' as adjustment_kind,
        cast({{ amount }} as decimal(18,2)) as adjustment_amount,
        {{ row_kind('order_adjustments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from renamed

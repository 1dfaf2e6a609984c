{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select
        *,
        count({{ clean_text('deal_amount') }}) over (partition by _batch, order_no) as items_with_share
    from {{ source('youzan', 'orders') }}

),

read as (

    select
        {{ source_key('youzan', 'order_no') }} as adjusted_id,
        {{ source_key('youzan', 'order_no') }} as order_id,
        {{ amount_or_zero('shipping') }} as shipping_amount,
        case when items_with_share = 0 then {{ amount_or_zero('shop_discount') }} else 0 end
            as discount_amount,
        {{ row_kind('order_adjustments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

),

renamed as (

    {{ adjustments_by_kind('read', {'shipping': 'shipping_amount', 'discount': '-discount_amount'}) }}

)

select * from renamed

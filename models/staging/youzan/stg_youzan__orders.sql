{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select
        *,
        {{ clean_key('buyer_phone') }} as buyer_phone_as_written,
        {{ clean_key('receiver_phone') }} as receiver_phone_as_written
    from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ source_key('youzan', 'order_no') }} as order_id,
        {{ clean_key('order_no') }} as source_order_id,
        {{ contact_key('youzan', normalise_phone('buyer_phone_as_written')) }} as account_id,
        {{ unmasked('receiver_phone_as_written') }} as contact_phone,
        case when sales_channel = '门店' then {{ source_key('youzan', 'shop') }} end as store_id,
        case when sales_channel = '门店' then 'store' else 'web' end as channel,
        {{ utc_instant('created_at', feed) }} as ordered_at,
        {{ business_date('created_at', feed) }} as ordered_on,
        {{ business_hour('created_at', feed) }} as ordered_hour,
        case
            when order_status in ('待付款', '等待付款') then 'unpaid'
            when order_status in ('交易关闭', '已关闭') then 'cancelled'
            when order_status in ('已付款', '待成团', '待接单', '待发货', '部分发货', '已发货', '待核销', '待自提', '交易完成', '交易成功', '已完成', '退款中') then 'paid'
        end as order_status,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('taobao', 'orders') -%}

with source as (

    select
        *,
        {{ clean_key('mobile') }} as phone_as_written
    from {{ source('taobao', 'orders') }}

),

renamed as (

    select
        {{ source_key('taobao', 'order_no') }} as order_id,
        {{ clean_key('order_no') }} as source_order_id,
        'taobao:' || {{ unmasked('buyer_name') }} as account_id,
        {{ unmasked('phone_as_written') }} as contact_phone,
        'marketplace' as channel,
        {{ utc_instant('created_at', feed) }} as ordered_at,
        {{ business_date('created_at', feed) }} as ordered_on,
        {{ business_hour('created_at', feed) }} as ordered_hour,
        case
            when order_status like '等待买家付款%' then 'unpaid'
            when order_status like '交易关闭%' then 'cancelled'
            when order_status like '交易成功%' then 'paid'
            when order_status like '买家已付款%' then 'paid'
            when order_status like '卖家已发货%' or order_status like '卖家部分发货%' then 'paid'
        end as order_status,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

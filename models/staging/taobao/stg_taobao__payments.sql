{%- set feed = feed('taobao', 'orders') -%}

with source as (

    select * from {{ source('taobao', 'orders') }}

),

renamed as (

    select
        {{ source_key('taobao', 'order_no') }} || ':payment' as payment_id,
        {{ source_key('taobao', 'order_no') }} as order_id,
        case when payment_details like '%微信%' then 'wechat_pay' else 'alipay' end as payment_method,
        {{ parse_decimal('paid', 2) }} as payment_amount,
        {{ row_kind('payments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

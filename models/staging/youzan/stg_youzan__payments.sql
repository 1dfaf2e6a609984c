{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select * from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ source_key('youzan', 'order_no') }} || ':payment' as payment_id,
        {{ source_key('youzan', 'order_no') }} as order_id,
        case
            when payment_method like '%微信%' then 'wechat_pay'
            when payment_method like '%支付宝%' then 'alipay'
            when payment_method like '%银行卡%' then 'bank_card'
            when payment_method like '%储值%' or payment_method like '%余额%' then 'stored_value'
            when payment_method like '%现金%' then 'cash'
        end as payment_method,
        {{ parse_decimal('paid', 2) }} as payment_amount,
        {{ row_kind('payments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

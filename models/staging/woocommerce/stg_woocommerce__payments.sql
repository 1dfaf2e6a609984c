{%- set feed = feed('woocommerce', 'orders') -%}

with source as (

    select * from {{ source('woocommerce', 'orders') }}

),

renamed as (

    select
        {{ source_key('woocommerce', 'order_id') }} || ':paid' as payment_id,
        {{ source_key('woocommerce', 'order_id') }} as order_id,
        case payment_method
            when 'cod' then 'cash'
            when 'stripe' then 'bank_card'
            when 'woocommerce_payments' then 'bank_card'
            when 'stripe_alipay' then 'alipay'
            when 'stripe_wechat_pay' then 'wechat_pay'
        end as payment_method,
        {{ parse_decimal('order_total', 2) }} as payment_amount,
        {{ row_kind('payments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

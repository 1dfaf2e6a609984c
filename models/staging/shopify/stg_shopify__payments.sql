{%- set feed = feed('shopify', 'orders') -%}

with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ source_key('shopify', 'name') }} || ':paid' as payment_id,
        {{ source_key('shopify', 'name') }} as order_id,
        case
            when payment_method = 'gift_card' then 'stored_value'
            when payment_method = 'Shopify Payments' then 'bank_card'
            when payment_method like 'Cash%' then 'cash'
            when payment_method like 'Alipay%' then 'alipay'
            when payment_method like 'WeChat%' then 'wechat_pay'
        end as payment_method,
        cast(
            {{ parse_decimal('total', 2) }} - {{ amount_or_zero('outstanding_balance') }}
            as decimal(18,2)
        ) as payment_amount,
        {{ row_kind('payments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

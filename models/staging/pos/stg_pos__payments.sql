with source as (

    select * from {{ source('pos', 'tenders') }}

),

renamed as (

    select
        {{ source_key('pos', 'receipt_no') }} || ':' || {{ clean_key('tender_no') }} as payment_id,
        {{ source_key('pos', 'receipt_no') }} as order_id,
        case {{ clean_text('method') }}
            when '现金' then 'cash'
            when '微信支付' then 'wechat_pay'
            when '支付宝' then 'alipay'
            when '银行卡' then 'bank_card'
            when '储值卡' then 'stored_value'
        end as payment_method,
        {{ parse_decimal('amount', 2) }} as payment_amount,
        {{ clean_key('card_token') }} as card_token,
        _line, _batch, _landed_at
    from source

)

select * from renamed

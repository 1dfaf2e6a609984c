{%- set feed = feed('pos', 'receipts') -%}

with source as (

    select * from {{ source('pos', 'receipts') }}

),

renamed as (

    select
        {{ source_key('pos', 'receipt_no') }} as order_id,
        {{ clean_key('receipt_no', 'pos') }} as source_order_id,
        {{ source_key('crm', 'card_no') }} as account_id,
        {{ source_key('erp', 'store_code') }} as store_id,
        'store' as channel,
        {{ utc_instant('sold_at', feed) }} as ordered_at,
        {{ business_date('sold_at', feed) }} as ordered_on,
        {{ business_hour('sold_at', feed) }} as ordered_hour,
        case when {{ clean_text('voided_at') }} is null then 'paid' else 'cancelled' end
            as order_status,
        {{ business_date('voided_at', feed) }} as cancelled_on,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

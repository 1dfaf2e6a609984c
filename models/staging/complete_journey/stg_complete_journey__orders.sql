{%- set feed = feed('complete_journey', 'transactions') -%}

with source as (

    select * from {{ source('complete_journey', 'transactions') }}

),

renamed as (

    select
        'complete_journey' as source_system,
        {{ source_key('complete_journey', 'basket_id') }} as order_id,
        {{ clean_text('basket_id') }} as source_order_id,
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        cast(null as string) as contact_phone,
        cast(null as string) as contact_email,
        {{ source_key('complete_journey', 'store_id') }} as store_id,
        'store' as channel,
        {{ utc_instant('transaction_timestamp', feed) }} as ordered_at,
        {{ business_date('transaction_timestamp', feed) }} as ordered_on,
        'paid' as order_status,
        cast(null as date) as cancelled_on,
        cast(null as date) as promised_on,
        cast(null as date) as delivered_on,
        'USD' as currency,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

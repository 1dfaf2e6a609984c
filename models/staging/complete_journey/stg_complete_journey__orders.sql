{%- set feed = feed('complete_journey', 'transactions') -%}

with source as (

    select * from {{ source('complete_journey', 'transactions') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'basket_id') }} as order_id,
        {{ clean_key('basket_id', 'complete_journey') }} as source_order_id,
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        {{ source_key('complete_journey', 'store_id') }} as store_id,
        'store' as channel,
        {{ utc_instant('transaction_timestamp', feed) }} as ordered_at,
        {{ business_date('transaction_timestamp', feed) }} as ordered_on,
        {{ business_hour('transaction_timestamp', feed) }} as ordered_hour,
        'paid' as order_status,
        'USD' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

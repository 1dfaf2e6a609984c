{%- set feed = feed('cdnow', 'purchases') -%}

with source as (

    select * from {{ source('cdnow', 'purchases') }}

),

renamed as (

    select
        'cdnow' as source_system,
        {{ source_key('cdnow', 'purchase_number') }} as order_id,
        {{ clean_text('purchase_number') }} as source_order_id,
        {{ source_key('cdnow', 'customer_id') }} as account_id,
        cast(null as string) as contact_phone,
        cast(null as string) as contact_email,
        cast(null as string) as store_id,
        'web' as channel,
        {{ utc_instant('purchased_on', feed) }} as ordered_at,
        {{ business_date('purchased_on', feed) }} as ordered_on,
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

{%- set feed = feed('cdnow', 'purchases') -%}

with source as (

    select * from {{ source('cdnow', 'purchases') }}

),

renamed as (

    select
        {{ source_key('cdnow', 'purchase_number') }} as order_id,
        {{ clean_key('purchase_number', 'cdnow') }} as source_order_id,
        {{ source_key('cdnow', 'customer_id') }} as account_id,
        'web' as channel,
        {{ business_date('purchased_on', feed) }} as ordered_on,
        'paid' as order_status,
        'USD' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

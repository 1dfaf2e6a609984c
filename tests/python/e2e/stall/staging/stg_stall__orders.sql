{%- set feed = feed('stall', 'sales') -%}

with source as (

    select * from {{ source('stall', 'sales') }}

),

renamed as (

    select
        {{ source_key('stall', 'sale_no') }} as order_id,
        {{ clean_text('sale_no') }} as source_order_id,
        {{ source_key('crm', 'member_no') }} as account_id,
        'stall' as channel,
        {{ utc_instant('sold_at', feed) }} as ordered_at,
        {{ business_date('sold_at', feed) }} as ordered_on,
        {{ business_hour('sold_at', feed) }} as ordered_hour,
        'paid' as order_status,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('corner', 'sales') -%}

with source as (

    select * from {{ source('corner', 'sales') }}

),

renamed as (

    select
        {{ source_key('corner', 'sale_no') }} as order_id,
        {{ source_key('corner', 'member_no') }} as account_id,
        'store' as channel,
        {{ utc_instant('sold_at', feed) }} as ordered_at,
        {{ business_date('sold_at', feed) }} as ordered_on,
        {{ business_hour('sold_at', feed) }} as ordered_hour,
        {{ clock_skipped('sold_at', feed) }} as ordered_at_is_skipped,
        'paid' as order_status,
        {{ clean_text('currency') }} as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

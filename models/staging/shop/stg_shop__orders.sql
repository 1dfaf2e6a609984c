{%- set feed = feed('shop', 'orders') -%}

with source as (

    select * from {{ source('shop', 'orders') }}

),

renamed as (

    select
        {{ source_key('shop', 'order_no') }} as order_id,
        {{ clean_key('order_no', 'shop') }} as source_order_id,
        {{ source_key('shop', 'user_id') }} as account_id,
        {{ clean_text('contact_phone') }} as contact_phone,
        {{ clean_text('contact_email') }} as contact_email,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ utc_instant('placed_at', feed) }} as ordered_at,
        {{ business_date('placed_at', feed) }} as ordered_on,
        {{ business_hour('placed_at', feed) }} as ordered_hour,
        case state when 'PAID' then 'paid' when 'WAIT_PAY' then 'unpaid' when 'CLOSED' then 'cancelled' end as order_status,
        {{ business_date('closed_at', feed) }} as cancelled_on,
        {{ business_date('promised_at', feed) }} as promised_on,
        {{ business_date('delivered_at', feed) }} as delivered_on,
        {{ upper_ascii(clean_text('currency')) }} as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

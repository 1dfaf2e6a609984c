{%- set feed = feed('shopify', 'orders') -%}

-- A timestamp carries the offset of the shop's own clock, so that its first ten characters are
-- the business date, and those behind them the hour.
with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ source_key('shopify', 'name') }} as order_id,
        {{ clean_text('name') }} as source_order_id,
        {{ clean_key('coalesce(phone, billing_phone)') }} as contact_phone,
        {{ clean_text('email') }} as contact_email,
        {{ source_key('shopify', 'location') }} as store_id,
        case {{ lower_ascii(clean_text('sales_channel')) }}
            when 'pos' then 'store'
            else {{ lower_ascii(clean_text('sales_channel')) }}
        end as channel,
        {{ utc_instant('created_at', feed) }} as ordered_at,
        {{ parse_date('substring(created_at, 1, 10)', feed) }} as ordered_on,
        try_cast(substring(created_at, 12, 2) as bigint) as ordered_hour,
        case
            when cancelled_at is not null then 'cancelled'
            when financial_status in ('voided', 'expired') then 'cancelled'
            when financial_status in ('pending', 'authorized', 'unpaid') then 'unpaid'
            when financial_status in ('paid', 'partially_paid', 'partially_refunded', 'refunded')
                then 'paid'
        end as order_status,
        {{ parse_date('substring(cancelled_at, 1, 10)', feed) }} as cancelled_on,
        {{ clean_text('currency') }} as currency,
        {{ row_kind('orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

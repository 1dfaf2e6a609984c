{%- set feed = feed('woocommerce', 'orders') -%}

with source as (

    select
        *,
        replace(replace(lower(status), 'wc-', ''), ' ', '-') as plain_status
    from {{ source('woocommerce', 'orders') }}

),

renamed as (

    select
        {{ source_key('woocommerce', 'order_id') }} as order_id,
        {{ clean_text('coalesce(order_number_formatted, order_number, order_id)') }} as source_order_id,
        {{ source_key('woocommerce', 'customer_id') }} as account_id,
        {{ clean_key('billing_phone') }} as contact_phone,
        {{ clean_text('billing_email') }} as contact_email,
        'web' as channel,
        {{ utc_instant('ordered_at', feed) }} as ordered_at,
        {{ clock_skipped('ordered_at', feed) }} as ordered_at_is_skipped,
        {{ business_date('ordered_at', feed) }} as ordered_on,
        {{ business_hour('ordered_at', feed) }} as ordered_hour,
        case
            when plain_status in ('processing', 'completed', 'refunded') then 'paid'
            when plain_status in ('pending', 'pending-payment', 'on-hold') then 'unpaid'
            when plain_status in ('cancelled', 'failed', 'trash') then 'cancelled'
        end as order_status,
        {{ clean_text('order_currency') }} as currency,
        {{ row_kind('orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

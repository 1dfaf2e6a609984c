{%- set feed = feed('amazon', 'orders') -%}

with source as (

    select * from {{ source('amazon', 'orders') }}

),

renamed as (

    select
        {{ source_key('amazon', 'amazon_order_id') }} as order_id,
        {{ clean_text('amazon_order_id') }} as source_order_id,
        {{ contact_key('amazon', email_address('buyer_email')) }} as account_id,
        'marketplace' as channel,
        {{ utc_instant('purchase_date', feed) }} as ordered_at,
        {{ business_date('purchase_date', feed) }} as ordered_on,
        {{ business_hour('purchase_date', feed) }} as ordered_hour,
        case
            when order_status like 'Pending%' then 'unpaid'
            when order_status = 'Cancelled' then 'cancelled'
            when order_status like 'Shipped%' then 'paid'
            when order_status in ('Unshipped', 'PartiallyShipped', 'Partially Shipped', 'Shipping', 'Complete')
                then 'paid'
        end as order_status,
        case when order_status = 'Cancelled' then {{ business_date('last_updated_date', feed) }} end
            as cancelled_on,
        coalesce(
            {{ clean_text('currency') }},
            case sales_channel
                {%- for site, currency in feed.get('currencies', {}).items() %}
                when '{{ site }}' then '{{ currency }}'
                {%- endfor %}
            end
        ) as currency,
        {{ row_kind('orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

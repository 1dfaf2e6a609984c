{%- set feed = feed('marketing', 'touches') -%}

with source as (

    select * from {{ source('marketing', 'touches') }}

),

renamed as (

    select
        {{ source_key('marketing', 'touch_no') }} as touch_id,
        {{ source_key('marketing', 'campaign_code') }} as campaign_id,
        coalesce({{ source_key('crm', 'member_no') }}, {{ source_key('shop', 'user_id') }}) as account_id,
        {{ lower_ascii(clean_text('touch_type')) }} as touch_type,
        {{ lower_ascii(clean_text('arm')) }} as arm,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ source_key('marketing', 'coupon_code') }} as coupon_id,
        coalesce({{ source_key('pos', 'receipt_no') }}, {{ source_key('shop', 'web_order_no') }}) as order_id,
        {{ utc_instant('occurred_at', feed) }} as occurred_at,
        {{ business_date('occurred_at', feed) }} as occurred_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

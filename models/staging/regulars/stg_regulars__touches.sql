{%- set feed = feed('regulars', 'touches') -%}

with source as (

    select * from {{ source('regulars', 'touches') }}

),

renamed as (

    select
        {{ source_key('regulars', 'touch_no') }} as touch_id,
        {{ source_key('regulars', 'campaign_code') }} as campaign_id,
        {{ clean_text('account_id') }} as account_id,
        {{ lower_ascii(clean_text('touch_type')) }} as touch_type,
        {{ lower_ascii(clean_text('arm')) }} as arm,
        {{ source_key('regulars', 'coupon_code') }} as coupon_id,
        {{ clean_text('order_id') }} as order_id,
        {{ utc_instant('occurred_at', feed) }} as occurred_at,
        {{ business_date('occurred_at', feed) }} as occurred_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

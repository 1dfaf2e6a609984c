{%- set feed = feed('complete_journey', 'coupon_redemptions') -%}

with source as (

    select * from {{ source('complete_journey', 'coupon_redemptions') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'campaign_id') }}
            || ':' || {{ clean_key('household_id', 'complete_journey') }}
            || ':' || {{ clean_key('coupon_upc', 'complete_journey') }}
            || ':' || cast({{ business_date('redemption_date', feed) }} as string)
            as touch_id,
        {{ source_key('complete_journey', 'campaign_id') }} as campaign_id,
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        'coupon_redeemed' as touch_type,
        'mail' as channel,
        {{ source_key('complete_journey', 'coupon_upc') }} as coupon_id,
        {{ business_date('redemption_date', feed) }} as occurred_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

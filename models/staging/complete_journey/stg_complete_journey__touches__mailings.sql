{%- set feed = feed('complete_journey', 'mailings') -%}

with source as (

    select * from {{ source('complete_journey', 'mailings') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'campaign_id') }}
            || ':' || {{ clean_key('household_id', 'complete_journey') }}
            as touch_id,
        {{ source_key('complete_journey', 'campaign_id') }} as campaign_id,
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        'sent' as touch_type,
        'mail' as channel,
        {{ business_date('start_date', feed) }} as occurred_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

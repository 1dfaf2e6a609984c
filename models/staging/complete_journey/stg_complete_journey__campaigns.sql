{%- set feed = feed('complete_journey', 'mailings') -%}

with source as (

    select * from {{ source('complete_journey', 'mailings') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'campaign_id') }} as campaign_id,
        {{ clean_key('campaign_id', 'complete_journey') }} as source_campaign_id,
        {{ clean_text('campaign_type') }} as campaign_name,
        'mail' as channel,
        'targeted' as assignment,
        {{ business_date('start_date', feed) }} as starts_on,
        {{ business_date('end_date', feed) }} as ends_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

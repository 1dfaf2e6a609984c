{%- set feed = feed('marketing', 'campaigns') -%}

with source as (

    select * from {{ source('marketing', 'campaigns') }}

),

renamed as (

    select
        {{ source_key('marketing', 'campaign_code') }} as campaign_id,
        {{ clean_key('campaign_code', 'marketing') }} as source_campaign_id,
        {{ clean_text('campaign_name') }} as campaign_name,
        {{ clean_text('objective') }} as objective,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ lower_ascii(clean_text('assignment')) }} as assignment,
        {{ parse_date('starts_on', feed) }} as starts_on,
        {{ parse_date('ends_on', feed) }} as ends_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

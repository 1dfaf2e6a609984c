{%- set feed = feed('regulars', 'campaigns') -%}

with source as (

    select * from {{ source('regulars', 'campaigns') }}

),

renamed as (

    select
        {{ source_key('regulars', 'campaign_code') }} as campaign_id,
        {{ clean_key('campaign_code', 'regulars') }} as source_campaign_id,
        {{ clean_text('campaign_name') }} as campaign_name,
        {{ clean_text('objective') }} as objective,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ lower_ascii(clean_text('assignment')) }} as assignment,
        {{ parse_date('starts_on', feed) }} as starts_on,
        {{ parse_decimal('control_share', 4) }} as control_share,
        _line, _batch, _landed_at
    from source

)

select * from renamed

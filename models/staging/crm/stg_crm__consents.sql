{%- set feed = feed('crm', 'consents') -%}

with source as (

    select * from {{ source('crm', 'consents') }}

),

renamed as (

    select
        {{ source_key('crm', 'consent_no') }} as consent_id,
        {{ source_key('crm', 'member_no') }} as account_id,
        {{ lower_ascii(clean_text('purpose')) }} as purpose,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ lower_ascii(clean_text('status')) }} as consent_status,
        {{ utc_instant('changed_at', feed) }} as changed_at,
        {{ business_date('changed_at', feed) }} as changed_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

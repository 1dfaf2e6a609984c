{%- set feed = feed('app', 'events') -%}

with source as (

    select * from {{ source('app', 'events') }}

),

renamed as (

    select
        {{ source_key('app', 'event_id') }} as event_id,
        {{ source_key('shop', 'user_id') }} as account_id,
        {{ clean_key('device_id') }} as device_id,
        {{ clean_key('session_id') }} as session_id,
        {{ lower_ascii(clean_text('event_type')) }} as event_type,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ lower_ascii(clean_text('page_kind')) }} as page_kind,
        {{ utc_instant('occurred_at', feed) }} as occurred_at,
        {{ business_date('occurred_at', feed) }} as occurred_on,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ parse_decimal('dwell_seconds', 2) }} as dwell_seconds,
        _line, _batch, _landed_at
    from source

)

select * from renamed

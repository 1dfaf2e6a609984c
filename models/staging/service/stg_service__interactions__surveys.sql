{%- set feed = feed('service', 'surveys') -%}

with source as (

    select * from {{ source('service', 'surveys') }}

),

renamed as (

    select
        'service' as source_system,
        {{ source_key('service:survey', 'survey_no') }} as interaction_id,
        coalesce(
            {{ source_key('crm', 'member_no') }},
            {{ source_key('shop', 'user_id') }}
        ) as account_id,
        cast(null as string) as order_id,
        cast(null as string) as product_id,
        {{ lower_ascii(clean_text('kind')) }} as interaction_type,
        nullif({{ lower_ascii(trimmed('reason')) }}, '') as topic,
        cast(null as string) as channel,
        {{ parse_decimal('score', 2) }} as score,
        cast(null as string) as comment_text,
        {{ utc_instant('answered_at', feed) }} as occurred_at,
        {{ business_date('answered_at', feed) }} as occurred_on,
        cast(null as date) as resolved_on,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

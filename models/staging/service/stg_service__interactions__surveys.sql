{%- set feed = feed('service', 'surveys') -%}

with source as (

    select * from {{ source('service', 'surveys') }}

),

renamed as (

    select
        {{ source_key('service:survey', 'survey_no') }} as interaction_id,
        coalesce(
            {{ source_key('crm', 'member_no') }},
            {{ source_key('shop', 'user_id') }}
        ) as account_id,
        coalesce(
            {{ source_key('pos', 'receipt_no') }},
            {{ source_key('shop', 'web_order_no') }}
        ) as order_id,
        {{ lower_ascii(clean_text('kind')) }} as interaction_type,
        nullif({{ lower_ascii(trimmed('reason')) }}, '') as topic,
        {{ parse_decimal('score', 2) }} as score,
        coalesce({{ utc_instant('answered_at', feed) }}, {{ utc_instant('sent_at', feed) }}) as occurred_at,
        coalesce({{ business_date('answered_at', feed) }}, {{ business_date('sent_at', feed) }}) as occurred_on,
        {{ business_date('sent_at', feed) }} as invited_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

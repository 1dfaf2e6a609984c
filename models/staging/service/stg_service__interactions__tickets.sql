{%- set feed = feed('service', 'tickets') -%}

with source as (

    select * from {{ source('service', 'tickets') }}

),

renamed as (

    select
        {{ source_key('service:ticket', 'ticket_no') }} as interaction_id,
        coalesce({{ source_key('crm', 'member_no') }}, {{ source_key('shop', 'user_id') }}) as account_id,
        coalesce({{ source_key('pos', 'receipt_no') }}, {{ source_key('shop', 'web_order_no') }}) as order_id,
        'ticket' as interaction_type,
        {{ clean_text('topic') }} as topic,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ source_key('erp', 'store_code') }} as store_id,
        {{ utc_instant('opened_at', feed) }} as occurred_at,
        {{ business_date('opened_at', feed) }} as occurred_on,
        {{ business_date('closed_at', feed) }} as resolved_on,
        {{ utc_instant('answered_at', feed) }} as first_answered_at,
        {{ utc_instant('closed_at', feed) }} as resolved_at,
        try_cast({{ trimmed('reopened') }} as bigint) as reopened_count,
        _line, _batch, _landed_at
    from source

)

select * from renamed

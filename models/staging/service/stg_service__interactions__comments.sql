{%- set feed = feed('service', 'comments') -%}

with source as (

    select * from {{ source('service', 'comments') }}

),

renamed as (

    select
        {{ source_key('service:comment', 'comment_id') }} as interaction_id,
        {{ source_key('shop', 'user_id') }} as account_id,
        'social_comment' as interaction_type,
        {{ clean_text('topic') }} as topic,
        {{ lower_ascii(clean_text('platform')) }} as channel,
        {{ clean_text('comment') }} as comment_text,
        {{ utc_instant('posted_at', feed) }} as occurred_at,
        {{ business_date('posted_at', feed) }} as occurred_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('service', 'reviews') -%}

with source as (

    select * from {{ source('service', 'reviews') }}

),

renamed as (

    select
        {{ source_key('service:review', 'review_id') }} as interaction_id,
        {{ source_key('shop', 'user_id') }} as account_id,
        {{ source_key('shop', 'order_no') }} as order_id,
        {{ source_key('erp', 'sku') }} as product_id,
        'review' as interaction_type,
        {{ parse_decimal('rating', 2) }} as score,
        {{ clean_text('comment') }} as comment_text,
        {{ utc_instant('posted_at', feed) }} as occurred_at,
        {{ business_date('posted_at', feed) }} as occurred_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

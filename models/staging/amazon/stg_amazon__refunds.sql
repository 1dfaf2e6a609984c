{%- set feed = feed('amazon', 'settlements') -%}

with source as (

    select * from {{ source('amazon', 'settlements') }}

),

renamed as (

    select
        {{ source_key('amazon', 'order_id') }} || ':' || {{ clean_text('settlement_id') }} || ':'
            || {{ place_within('order_id') }} as refund_id,
        {{ source_key('amazon', 'order_id') }} as order_id,
        {{ business_date('posted_date_time', feed) }} as refunded_on,
        cast(-{{ parse_decimal('amount', 2) }} as decimal(18,2)) as refund_amount,
        -- Tax on top is not among the refunds; tax within prices is.
        marketplace_name in ('{{ feed.get('tax_on_top', []) | join("', '") }}') as is_revenue_alone,
        {{ row_kind('refunds', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('amazon', 'settlements') -%}

with source as (

    select * from {{ source('amazon', 'settlements') }}

),

renamed as (

    select
        {{ source_key('amazon', 'order_id') }} || ':' || {{ clean_text('settlement_id') }} || ':'
            || {{ place_within('order_id') }} as adjustment_id,
        {{ source_key('amazon', 'order_id') }} as order_id,
        case amount_type when 'Promotion' then 'discount' when 'ItemPrice' then 'fee' end
            as adjustment_kind,
        {{ parse_decimal('amount', 2) }} as adjustment_amount,
        {{ business_date('posted_date_time', feed) }} as adjusted_on,
        {{ row_kind('order_adjustments__settlements', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('erp', 'competitor_prices') }}

),

renamed as (

    select
        {{ source_key('erp', 'competitor') }}
            || ':' || coalesce({{ clean_text('region') }}, '')
            || ':' || {{ clean_key('sku', 'erp') }}
            || ':' || {{ day_key('observed_on', feed('erp', 'competitor_prices')) }}
            as competitor_price_id,
        {{ clean_text('competitor') }} as competitor,
        {{ clean_text('region') }} as region,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ parse_date('observed_on', feed('erp', 'competitor_prices')) }} as observed_on,
        {{ parse_decimal('price', 2) }} as price_amount,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('erp', 'stock') }}

),

renamed as (

    select
        {{ source_key('erp', 'store_code') }}
            || ':' || {{ clean_key('sku', 'erp') }}
            || ':' || {{ day_key('counted_on', feed('erp', 'stock')) }}
            as stock_level_id,
        {{ source_key('erp', 'store_code') }} as store_id,
        {{ source_key('erp', 'sku') }} as product_id,
        {{ parse_date('counted_on', feed('erp', 'stock')) }} as counted_on,
        {{ parse_decimal('on_hand', 3) }} as on_hand_quantity,
        _line, _batch, _landed_at
    from source

)

select * from renamed

with source as (

    select * from {{ source('erp', 'stores') }}

),

renamed as (

    select
        {{ source_key('erp', 'store_code') }} as store_id,
        {{ clean_key('store_code', 'erp') }} as source_store_id,
        {{ clean_text('store_name') }} as store_name,
        {{ clean_text('city') }} as city,
        {{ clean_text('region') }} as region,
        {{ clean_text('retail_type') }} as retail_type,
        {{ time_of_day('opens_at') }} as opens_at,
        {{ time_of_day('closes_at') }} as closes_at,
        _line, _batch, _landed_at
    from source

)

select * from renamed

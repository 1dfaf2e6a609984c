with source as (

    select * from {{ source('complete_journey', 'demographics') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        {{ clean_key('household_id', 'complete_journey') }} as source_account_id,
        {{ clean_text('age') }} as age_range,
        {{ clean_text('income') }} as income_range,
        {{ clean_text('household_comp') }} as household_type,
        _line, _batch, _landed_at
    from source

)

select * from renamed

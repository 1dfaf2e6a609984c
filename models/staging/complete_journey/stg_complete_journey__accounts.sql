with source as (

    select * from {{ source('complete_journey', 'demographics') }}

),

renamed as (

    select
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        {{ clean_key('household_id', 'complete_journey') }} as source_account_id,
        _line, _batch, _landed_at
    from source

)

select * from renamed

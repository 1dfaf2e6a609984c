with source as (

    select * from {{ source('complete_journey', 'demographics') }}

),

renamed as (

    select
        'complete_journey' as source_system,
        {{ source_key('complete_journey', 'household_id') }} as account_id,
        {{ clean_text('household_id') }} as source_account_id,
        cast(null as date) as registered_on,
        cast(null as string) as member_number,
        cast(null as string) as phone,
        cast(null as string) as email,
        cast(null as string) as union_id,
        cast(null as string) as national_id,
        cast(null as string) as full_name,
        cast(null as date) as birth_date,
        cast(null as string) as gender,
        cast(null as string) as city,
        cast(null as string) as address,
        cast(null as string) as postcode,
        cast(null as string) as membership_tier,
        cast(null as date) as membership_expires_on,
        cast(null as string) as acquisition_channel,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

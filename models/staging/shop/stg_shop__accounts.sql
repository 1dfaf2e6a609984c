with source as (

    select * from {{ source('shop', 'users') }}

),

renamed as (

    select
        'shop' as source_system,
        {{ source_key('shop', 'user_id') }} as account_id,
        {{ clean_text('user_id') }} as source_account_id,
        {{ business_date('created_at', feed('shop', 'users')) }} as registered_on,
        cast(null as string) as member_number,
        {{ clean_text('mobile') }} as phone,
        {{ clean_text('email') }} as email,
        {{ clean_text('union_id') }} as union_id,
        cast(null as string) as national_id,
        {{ clean_text('nick_name') }} as full_name,
        cast(null as date) as birth_date,
        cast(null as string) as gender,
        cast(null as string) as city,
        {{ clean_text('address') }} as address,
        cast(null as string) as postcode,
        cast(null as string) as membership_tier,
        cast(null as date) as membership_expires_on,
        {{ clean_text('acquired_via') }} as acquisition_channel,
        _file,
        _line,
        _batch,
        _landed_at
    from source

)

select * from renamed

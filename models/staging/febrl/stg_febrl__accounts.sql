{%- set feed = feed('febrl', 'people') -%}

with source as (

    select * from {{ source('febrl', 'people') }}

),

renamed as (

    select
        'febrl' as source_system,
        {{ source_key('febrl', 'rec_id') }} as account_id,
        {{ clean_text('rec_id') }} as source_account_id,
        cast(null as date) as registered_on,
        cast(null as string) as member_number,
        cast(null as string) as phone,
        cast(null as string) as email,
        cast(null as string) as union_id,
        {{ clean_text('soc_sec_id') }} as national_id,
        {{ clean_text("coalesce(given_name, '') || ' ' || coalesce(surname, '')") }} as full_name,
        {{ parse_date(trimmed('date_of_birth'), feed) }} as birth_date,
        cast(null as string) as gender,
        {{ clean_text('suburb') }} as city,
        {{ clean_text("coalesce(street_number, '') || ' ' || coalesce(address_1, '') || ' ' || coalesce(address_2, '')") }} as address,
        {{ clean_text('postcode') }} as postcode,
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

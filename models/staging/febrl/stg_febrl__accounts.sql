{%- set feed = feed('febrl', 'people') -%}

with source as (

    select * from {{ source('febrl', 'people') }}

),

renamed as (

    select
        {{ source_key('febrl', 'rec_id') }} as account_id,
        {{ clean_key('rec_id', 'febrl') }} as source_account_id,
        {{ clean_text('soc_sec_id') }} as national_id,
        {{ clean_text("coalesce(given_name, '') || ' ' || coalesce(surname, '')") }} as full_name,
        {{ parse_date(trimmed('date_of_birth'), feed) }} as birth_date,
        {{ clean_text('suburb') }} as city,
        {{ clean_text("coalesce(street_number, '') || ' ' || coalesce(address_1, '') || ' ' || coalesce(address_2, '')") }} as address,
        {{ clean_text('postcode') }} as postcode,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('crm', 'members') -%}

with source as (

    select * from {{ source('crm', 'members') }}

),

renamed as (

    select
        {{ source_key('crm', 'member_no') }} as account_id,
        {{ clean_key('member_no', 'crm') }} as source_account_id,
        {{ parse_date('joined', feed) }} as registered_on,
        {{ clean_key('member_no', 'crm') }} as member_number,
        {{ clean_text('mobile') }} as phone,
        {{ clean_text('email') }} as email,
        {{ clean_text('full_name') }} as full_name,
        {{ parse_date('birthday', feed) }} as birth_date,
        {{ clean_text('gender') }} as gender,
        {{ clean_text('city') }} as city,
        {{ clean_text('address') }} as address,
        {{ clean_text('tier') }} as membership_tier,
        {{ parse_date('valid_until', feed) }} as membership_expires_on,
        {{ lower_ascii(clean_text('recruited_via')) }} as acquisition_channel,
        _line, _batch, _landed_at
    from source

)

select * from renamed

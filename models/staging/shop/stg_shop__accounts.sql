with source as (

    select * from {{ source('shop', 'users') }}

),

renamed as (

    select
        {{ source_key('shop', 'user_id') }} as account_id,
        {{ clean_key('user_id', 'shop') }} as source_account_id,
        {{ business_date('created_at', feed('shop', 'users')) }} as registered_on,
        {{ clean_text('mobile') }} as phone,
        {{ clean_text('email') }} as email,
        {{ clean_key('union_id') }} as union_id,
        {{ clean_text('nick_name') }} as full_name,
        {{ clean_text('address') }} as address,
        {{ lower_ascii(clean_text('acquired_via')) }} as acquisition_channel,
        _line, _batch, _landed_at
    from source

)

select * from renamed

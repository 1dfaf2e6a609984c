{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select
        *,
        {{ clean_key('buyer_phone') }} as phone_as_written
    from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ contact_key('youzan', normalise_phone('phone_as_written')) }} as account_id,
        phone_as_written as phone,
        {{ unmasked('buyer_name') }} as full_name,
        {{ row_kind('accounts', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

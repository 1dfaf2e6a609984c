{%- set feed = feed('youzan', 'orders') -%}

with source as (

    select * from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ contact_key('youzan', normalise_phone(clean_key('buyer_phone'))) }} as account_id,
        {{ clean_key('buyer_phone') }} as phone,
        {{ unmasked('buyer_name') }} as full_name,
        {{ row_kind('accounts', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('shopify', 'orders') -%}

with source as (

    select * from {{ source('shopify', 'orders') }}

),

renamed as (

    select
        {{ contact_key('shopify', email_address('email')) }} as account_id,
        {{ clean_key('coalesce(phone, billing_phone)') }} as phone,
        {{ clean_text('email') }} as email,
        {{ clean_text('billing_name') }} as full_name,
        {{ clean_text('billing_street') }} as address,
        {{ clean_text('billing_city') }} as city,
        {{ clean_key('billing_zip') }} as postcode,
        {{ row_kind('accounts__orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

{%- set feed = feed('shopify', 'customers') -%}

with source as (

    select * from {{ source('shopify', 'customers') }}

),

renamed as (

    select
        {{ source_key('shopify', 'customer_id') }} as account_id,
        {{ clean_key('customer_id') }} as source_account_id,
        {{ clean_key('phone') }} as phone,
        {{ clean_text('email') }} as email,
        {{ clean_text("coalesce(first_name, '') || ' ' || coalesce(last_name, '')") }} as full_name,
        {{ clean_text('street') }} as address,
        {{ clean_text('city') }} as city,
        {{ clean_key('zip') }} as postcode,
        {{ row_kind('accounts__customers', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

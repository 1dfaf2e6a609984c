{%- set feed = feed('woocommerce', 'orders') -%}

with source as (

    select * from {{ source('woocommerce', 'orders') }}

),

renamed as (

    select
        coalesce(
            {{ source_key('woocommerce', 'customer_id') }},
            {{ contact_key('woocommerce', email_address('billing_email')) }}
        ) as account_id,
        nullif({{ clean_key('customer_id') }}, '0') as source_account_id,
        {{ clean_key('billing_phone') }} as phone,
        {{ clean_text('billing_email') }} as email,
        {{ clean_text("coalesce(billing_first_name, '') || ' ' || coalesce(billing_last_name, '')") }}
            as full_name,
        {{ clean_text('billing_address_1') }} as address,
        {{ clean_text('billing_city') }} as city,
        {{ clean_key('billing_postcode') }} as postcode,
        {{ row_kind('accounts', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

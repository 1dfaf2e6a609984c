{%- set feed = feed('amazon', 'orders') -%}

with source as (

    select * from {{ source('amazon', 'orders') }}

),

renamed as (

    select
        {{ contact_key('amazon', email_address('buyer_email')) }} as account_id,
        {{ clean_text('buyer_email') }} as email,
        {{ row_kind('accounts', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

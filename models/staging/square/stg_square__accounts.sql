{%- set feed = feed('square', 'transactions') -%}

with source as (

    select * from {{ source('square', 'transactions') }}

),

renamed as (

    select
        {{ source_key('square', 'customer_id') }} as account_id,
        {{ clean_key('customer_id') }} as source_account_id,
        {{ clean_text('customer_name') }} as full_name,
        {{ row_kind('accounts', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

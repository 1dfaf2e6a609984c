{%- set feed = feed('taobao', 'orders') -%}

with source as (

    select
        *,
        {{ clean_key('mobile') }} as phone_as_written
    from {{ source('taobao', 'orders') }}

),

renamed as (

    select
        'taobao:' || {{ unmasked('buyer_name') }} as account_id,
        {{ unmasked('buyer_name') }} as source_account_id,
        {{ unmasked('phone_as_written') }} as phone,
        {{ unmasked('alipay_account') }} as email,
        {{ unmasked('receiver') }} as full_name,
        {{ unmasked('address') }} as address,
        {{ row_kind('accounts', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

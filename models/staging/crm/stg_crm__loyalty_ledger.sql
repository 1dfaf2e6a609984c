with source as (

    select * from {{ source('crm', 'points') }}

),

renamed as (

    select
        {{ source_key('crm', 'entry_no') }} as ledger_entry_id,
        {{ source_key('crm', 'member_no') }} as account_id,
        {{ lower_ascii(clean_text('entry_type')) }} as entry_type,
        {{ parse_decimal('points', 2) }} as points,
        {{ source_key('pos', 'receipt_no') }} as order_id,
        {{ parse_date('booked_on', feed('crm', 'points')) }} as booked_on,
        _line, _batch, _landed_at
    from source

)

select * from renamed

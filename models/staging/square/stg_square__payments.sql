{%- set feed = feed('square', 'transactions') -%}

-- One that was paid in several ways names none.
with source as (

    select * from {{ source('square', 'transactions') }}

),

renamed as (

    select
        {{ source_key('square', 'payment_id') }} as payment_id,
        {{ source_key('square', 'transaction_id') }} as order_id,
        case total_collected
            when card then 'bank_card'
            when cash then 'cash'
            when gift_card then 'stored_value'
        end as payment_method,
        {{ parse_amount('total_collected', feed) }} as payment_amount,
        {{ row_kind('payments', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed

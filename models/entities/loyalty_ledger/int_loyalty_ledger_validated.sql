with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('ledger_entry_id') }}
            when account_id is null then 'account_missing'
            {{ refuse_date('booked_on') }}
            when entry_type is null then 'type_unknown'
            when entry_type not in ('earn', 'redeem', 'expire', 'adjust') then 'type_unknown'
            when points is null then 'quantity_unreadable'
        end as reason_code
    from {{ ref('int_loyalty_ledger_delivered') }} as delivered

),

{{ deduplicated('validated', 'loyalty_ledger', 'ledger_entry_id') }}

select * from deduplicated

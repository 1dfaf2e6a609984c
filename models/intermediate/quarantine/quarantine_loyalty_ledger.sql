select * from {{ ref('int_loyalty_ledger_checked') }}
where row_status = 'quarantined'

select * from {{ ref('int_accounts_checked') }}
where row_status = 'quarantined'

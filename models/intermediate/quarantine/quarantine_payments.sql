select * from {{ ref('int_payments_checked') }}
where row_status = 'quarantined'

select * from {{ ref('int_refunds_checked') }}
where row_status = 'quarantined'

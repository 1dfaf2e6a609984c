select * from {{ ref('int_stores_checked') }}
where row_status = 'quarantined'

select * from {{ ref('int_touches_checked') }}
where row_status = 'quarantined'

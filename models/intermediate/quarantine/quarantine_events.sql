select * from {{ ref('int_events_checked') }}
where row_status = 'quarantined'

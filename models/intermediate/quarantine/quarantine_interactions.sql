select * from {{ ref('int_interactions_checked') }}
where row_status = 'quarantined'

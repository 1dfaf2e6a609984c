select * from {{ ref('int_campaigns_checked') }}
where row_status = 'quarantined'

select * from {{ ref('int_consents_checked') }}
where row_status = 'quarantined'

select * from {{ ref('int_membership_tiers_checked') }}
where row_status = 'quarantined'

select * from {{ ref('int_coupons_checked') }}
where row_status = 'quarantined'

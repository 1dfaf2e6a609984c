select * from {{ ref('int_orders_checked') }}
where row_status = 'quarantined'

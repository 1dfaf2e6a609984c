select * from {{ ref('int_stock_levels_checked') }}
where row_status = 'quarantined'

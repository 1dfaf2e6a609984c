select * from {{ ref('int_order_lines_checked') }}
where row_status = 'quarantined'

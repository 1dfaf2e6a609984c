select * from {{ ref('int_products_checked') }}
where row_status = 'quarantined'

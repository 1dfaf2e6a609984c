select * from {{ ref('int_competitor_prices_checked') }}
where row_status = 'quarantined'

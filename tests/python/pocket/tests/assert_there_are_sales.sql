select count(*) as sale_count from {{ ref('sales') }} having count(*) = 0

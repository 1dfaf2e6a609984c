select
    category,
    count(*) as shelves,
    count(*) filter (where stock_status = 'out') as out_shelves,
    count(*) filter (where stock_status = 'low') as low_shelves,
    count(*) filter (where stock_status in ('slow', 'over')) as over_shelves,
    count(*) filter (where stock_status = 'dead') as dead_shelves,
    coalesce(sum(stock_amount), 0) as stock_amount,
    coalesce(sum(overstock_amount), 0) as overstock_amount,
    coalesce(sum(lost_amount), 0) as lost_amount,
    coalesce(sum(reorder_quantity), 0) as reorder_quantity
from marts.inventory_health
group by category
order by lost_amount desc, category

-- Shelves that are empty or soon will be.
select
    stock_status,
    count(*) as shelf_count,
    sum(reorder_quantity) as reorder_quantity,
    sum(lost_amount) as lost_amount
from marts.inventory_health
where stock_status in ('out', 'low')
group by stock_status
order by stock_status desc

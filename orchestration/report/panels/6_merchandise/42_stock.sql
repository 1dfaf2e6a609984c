select
    stock_status,
    count(*) as shelves,
    count(*) / sum(count(*)) over () as shelf_share,
    sum(stock_amount)::double as stock_amount,
    coalesce(sum(stock_amount) / nullif(sum(sum(stock_amount)) over (), 0), 0)::double as stock_share,
    sum(overstock_amount)::double as overstock_amount,
    sum(lost_amount)::double as lost_amount,
    sum(reorder_quantity) as reorder_quantity,
    sum(greatest(transfer_quantity, 0)) as transfer_quantity
from marts.inventory_health
group by stock_status
order by list_position(['out', 'low', 'healthy', 'slow', 'over', 'dead'], stock_status)

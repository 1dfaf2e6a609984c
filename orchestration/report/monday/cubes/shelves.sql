-- How the shelves stand by store; no_store is a stock of no store.
select
    coalesce(areas.store, 'no_store') as place,
    stock_status as status,
    count(*) as shelves,
    sum(stock_amount) as stock_amount,
    sum(overstock_amount) as overstock_amount,
    sum(lost_amount) as lost_amount,
    sum(reorder_quantity) as reorder_quantity
from marts.inventory_health as health
left join areas on health.store_id = areas.store_id
group by place, stock_status
order by place, list_position(['out', 'low', 'healthy', 'slow', 'over', 'dead'], stock_status)

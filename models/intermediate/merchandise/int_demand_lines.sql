-- What was bought, with where and what it belongs to: units of purchases, before the day of analysis. A giant order that was
-- cancelled is no purchase; what was given back later was wanted nevertheless. Lines that name no product are no
-- demand for one. What was sold in no store is a place of its own.
select
    lines.product_id,
    coalesce(orders.store_id, 'none') as store_id,
    coalesce(products.category, 'none') as category,
    purchases.transacted_on as ordered_on,
    cast(date_trunc('week', purchases.transacted_on) as date) as week_on,
    lines.quantity,
    lines.gross_amount,
    lines.sales_amount
from {{ ref('int_order_lines') }} as lines
inner join {{ ref('int_latest_transactions') }} as purchases
    on lines.order_id = purchases.order_id
    and purchases.is_purchase
inner join {{ ref('int_orders') }} as orders on lines.order_id = orders.order_id
left join {{ accepted('products') }} as products on lines.product_id = products.product_id
where lines.quantity > 0
    and lines.product_id is not null

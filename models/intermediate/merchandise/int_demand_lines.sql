-- What was bought, with where and what it belongs to: units of purchases, before the day of analysis. A giant order that was
-- cancelled is no purchase; what was given back later was wanted nevertheless. Lines that name no product are no
-- demand for one. What was sold in no store is a place of its own.
select
    order_lines.product_id,
    coalesce(order_lines.store_id, 'none') as store_id,
    coalesce(products.category, 'none') as category,
    order_lines.ordered_on,
    cast(date_trunc('week', order_lines.ordered_on) as date) as week_on,
    order_lines.quantity,
    order_lines.gross_amount,
    order_lines.sales_amount
from {{ ref('order_lines') }} as order_lines
inner join {{ ref('orders') }} as orders
    on order_lines.order_id = orders.order_id
    and orders.is_purchase
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and order_lines.ordered_on < latest.as_of_date
inner join {{ ref('products') }} as products on order_lines.product_id = products.product_id
where order_lines.quantity > 0

select
    order_lines.order_line_id,
    order_lines.order_id,
    orders.customer_id,
    order_lines.product_id,
    orders.store_id,
    order_lines.source_system,

    order_lines.quantity,
    order_lines.gross_amount,
    order_lines.discount_amount,
    order_lines.sales_amount,
    order_lines.delivered_amount,

    order_lines.ordered_on
from {{ ref('int_order_lines') }} as order_lines
inner join {{ ref('orders') }} as orders on order_lines.order_id = orders.order_id

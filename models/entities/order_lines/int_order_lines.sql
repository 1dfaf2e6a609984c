select
    order_line_id,
    order_id,
    source_system,
    product_id,
    ordered_on,
    quantity,
    converted_gross_amount as gross_amount,
    converted_discount_amount as discount_amount,
    cast(converted_gross_amount - converted_discount_amount as decimal(18,2)) as sales_amount,
    delivered_amount
from {{ accepted('order_lines') }}

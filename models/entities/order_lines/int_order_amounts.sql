select
    order_id,
    count(*) as line_count,
    cast(sum(quantity) as decimal(18,3)) as unit_count,
    cast(sum(gross_amount) as decimal(18,2)) as gross_amount,
    cast(sum(discount_amount) as decimal(18,2)) as discount_amount,
    cast(sum(sales_amount) as decimal(18,2)) as sales_amount,
    cast(sum(delivered_amount) as decimal(18,2)) as delivered_amount,
    ordered_on
from {{ ref('int_order_lines') }}
group by order_id, ordered_on

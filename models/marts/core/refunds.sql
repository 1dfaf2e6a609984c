select
    refunds.refund_id,
    refunds.order_id,
    orders.customer_id,
    refunds.source_system,
    refunds.refund_amount,
    refunds.delivered_amount,
    refunds.order_id is not null as is_attributed,
    refunds.refunded_on
from {{ ref('int_refunds') }} as refunds
left join {{ ref('orders') }} as orders on refunds.order_id = orders.order_id

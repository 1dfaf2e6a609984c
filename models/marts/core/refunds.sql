select
    refunds.refund_id,
    refunds.order_id,
    coalesce(orders.customer_id, refunds.customer_id) as customer_id,
    refunds.source_system,
    refunds.matched_by,
    refunds.refund_amount,
    refunds.delivered_amount,
    refunds.matched_by is not null as is_attributed,
    refunds.refunded_on
from {{ ref('int_booked_refunds') }} as refunds
left join {{ ref('orders') }} as orders on refunds.order_id = orders.order_id

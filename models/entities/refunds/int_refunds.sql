-- A refund whose order can't be found keeps its money and its day, without an order.
select
    refund_id,
    attached_order_id as order_id,
    source_system,
    refunded_on,
    converted_amount as refund_amount,
    delivered_amount
from {{ accepted('refunds') }}

-- A refund whose order can't be found keeps its money and its day, without an order.
select
    refunds.refund_id,
    refunds.attached_order_id as order_id,
    refunds.order_id is not null as names_an_order,
    refunds.account_id,
    refunds.source_system,
    refunds.currency,
    refunds.refunded_on,
    coalesce(shares.sales_share, refunds.converted_amount) as refund_amount,
    coalesce(shares.delivered_share, refunds.amount_off_order) as refunded_revenue,
    refunds.amount_off_order,
    refunds.delivered_amount
from {{ accepted('refunds') }} as refunds
left join {{ ref('int_refund_shares') }} as shares on refunds.refund_id = shares.refund_id

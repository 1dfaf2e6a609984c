select
    adjustment_id,
    order_id,
    source_system,
    adjustment_kind,
    ordered_on,
    converted_amount as adjustment_amount,
    delivered_amount
from {{ accepted('order_adjustments') }}
where is_revenue

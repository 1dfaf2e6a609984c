-- An adjustment counts from the day on which it was agreed, and never before its order.
select
    adjustment_id,
    order_id,
    source_system,
    adjustment_kind,
    case
        when adjusted_on > ordered_on and not {{ after_delivery('adjusted_on') }} then adjusted_on
        else ordered_on
    end as adjusted_on,
    converted_amount as adjustment_amount,
    delivered_amount
from {{ accepted('order_adjustments') }}
where is_revenue

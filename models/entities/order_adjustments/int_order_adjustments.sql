-- An adjustment counts from the day on which it was agreed, and never before its order. What is no
-- revenue, such as tax on top, was asked of the customer all the same.
select
    adjustment_id,
    order_id,
    source_system,
    adjustment_kind,
    case
        when adjusted_on > ordered_on and not {{ after_delivery('adjusted_on') }} then adjusted_on
        else ordered_on
    end as adjusted_on,
    case when is_revenue then converted_amount else 0 end as adjustment_amount,
    case when is_revenue then delivered_amount else 0 end as delivered_amount,
    case when placement = 'on_top' then delivered_amount else 0 end as asked_amount
from {{ accepted('order_adjustments') }}
where is_revenue
    or placement = 'on_top'

{#
  What is booked on orders, each thing on its day: lines on that of the order, what adjusts it as a whole, refunds and
  the cancellation on theirs, and never before the order itself. An order that was never paid is void from the beginning.

  `orders` has the columns of int_orders, `refunds` those of int_refunds. One row per order and day of bookings
  (effective_from), with their sums:
    sales_amount, adjustment_amount, refund_amount   in the reporting currency, revenue alone
    delivered_amount, asked_amount                   in the currency of the order, with its sign: the revenue, and what
                                                     the customer was asked for, tax and tips included
  Why one macro: what an order is worth, and what of it can still be given back, are of the same bookings.
  Example: {{ order_bookings(ref('int_orders'), ref('int_booked_refunds')) }}
#}
{% macro order_bookings(orders, refunds) -%}
select
    order_id,
    effective_from,
    sum(sales_amount) as sales_amount,
    sum(adjustment_amount) as adjustment_amount,
    sum(refund_amount) as refund_amount,
    sum(delivered_amount) as delivered_amount,
    sum(asked_amount) as asked_amount,
    sum(void_count) as void_count
from (
    select
        orders.order_id,
        orders.ordered_on as effective_from,
        coalesce(amounts.sales_amount, 0) as sales_amount,
        0 as adjustment_amount,
        0 as refund_amount,
        coalesce(amounts.delivered_amount, 0) as delivered_amount,
        coalesce(amounts.delivered_amount, 0) as asked_amount,
        case when orders.order_status = 'unpaid' then 1 else 0 end as void_count
    from {{ orders }} as orders
    left join {{ ref('int_order_amounts') }} as amounts on orders.order_id = amounts.order_id
    union all
    select
        adjustments.order_id,
        adjustments.adjusted_on,
        0,
        adjustments.adjustment_amount,
        0,
        adjustments.delivered_amount,
        adjustments.asked_amount,
        0
    from {{ ref('int_order_adjustments') }} as adjustments
    semi join {{ orders }} as orders on adjustments.order_id = orders.order_id
    union all
    select
        refunds.order_id,
        greatest(refunds.refunded_on, orders.ordered_on),
        0,
        0,
        refunds.refund_amount,
        -refunds.refunded_revenue,
        -refunds.amount_off_order,
        0
    from {{ refunds }} as refunds
    inner join {{ orders }} as orders on refunds.order_id = orders.order_id
    union all
    select
        order_id,
        greatest(cancelled_on, ordered_on),
        0,
        0,
        0,
        0,
        0,
        1
    from {{ orders }} as orders
    where order_status = 'cancelled'
) as bookings
group by order_id, effective_from
{%- endmacro %}

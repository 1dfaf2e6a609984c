-- What an order was worth from day to day: its lines count from its own day, what adjusts it as a
-- whole, refunds and cancellations from theirs, and never before the order itself. A voided order
-- (cancelled, or never paid) is worth nothing. Whether anything is left is asked of the money as
-- delivered: converted line by line, and refunded at once, a foreign order may keep a cent that
-- nobody paid.
with booked as (

    select
        orders.order_id,
        orders.ordered_on as booked_on,
        coalesce(amounts.sales_amount, 0) as sales_amount,
        0 as adjustment_amount,
        0 as refund_amount,
        coalesce(amounts.delivered_amount, 0) as delivered_amount,
        case when orders.order_status = 'unpaid' then 1 else 0 end as void_count
    from {{ ref('int_orders') }} as orders
    left join {{ ref('int_order_amounts') }} as amounts on orders.order_id = amounts.order_id
    union all
    select
        order_id,
        adjusted_on,
        0,
        adjustment_amount,
        0,
        delivered_amount,
        0
    from {{ ref('int_order_adjustments') }} as adjustments
    union all
    select
        refunds.order_id,
        greatest(refunds.refunded_on, orders.ordered_on),
        0,
        0,
        refunds.refund_amount,
        -refunds.refunded_revenue,
        0
    from {{ ref('int_refunds') }} as refunds
    inner join {{ ref('int_orders') }} as orders on refunds.order_id = orders.order_id
    union all
    select
        order_id,
        greatest(cancelled_on, ordered_on),
        0,
        0,
        0,
        0,
        1
    from {{ ref('int_orders') }} as orders
    where order_status = 'cancelled'

),

daily as (

    select
        order_id,
        booked_on,
        sum(sales_amount) as sales_amount,
        sum(adjustment_amount) as adjustment_amount,
        sum(refund_amount) as refund_amount,
        sum(delivered_amount) as delivered_amount,
        sum(void_count) as void_count
    from booked
    group by order_id, booked_on

),

running as (

    select
        order_id,
        booked_on as effective_from,
        lead(booked_on) over so_far as effective_to,
        sum(adjustment_amount) over so_far as adjustment_amount,
        sum(refund_amount) over so_far as refunded_amount,
        sum(sales_amount + adjustment_amount - refund_amount) over so_far as kept_amount,
        sum(delivered_amount) over so_far as delivered_amount,
        sum(void_count) over so_far as void_count
    from daily
    window so_far as (partition by order_id order by booked_on nulls last)

)

select
    order_id,
    effective_from,
    effective_to,
    cast(adjustment_amount as decimal(18,2)) as adjustment_amount,
    cast(refunded_amount as decimal(18,2)) as refunded_amount,
    cast(case when void_count > 0 then greatest(kept_amount, 0) else 0 end as decimal(18,2))
        as voided_amount,
    cast(case when void_count > 0 then least(kept_amount, 0) else kept_amount end as decimal(18,2))
        as net_amount,
    void_count = 0 and delivered_amount > 0 as is_purchase
from running

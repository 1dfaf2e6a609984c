-- What: all orders together have the gross and discount of all order lines, the refunds of all that came off orders, and
-- what adjusts them as a whole; and each order is adjusted by as much as its lines bear, where it has any.
-- Why: a join that repeats an order, or drops one, changes these sums, and so does a share that was rounded on its own.
-- Returns each sum that differs, and each order whose lines bear another adjustment than it has.
with orders as (

    select
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(adjustment_amount) as adjustment_amount,
        sum(refunded_amount) as refunded_amount
    from {{ ref('orders') }}

),

order_lines as (

    select
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount
    from {{ ref('order_lines') }}

),

adjustments as (

    select sum(adjustment_amount) as adjustment_amount
    from {{ ref('int_order_adjustments') }}

),

refunds as (

    select sum(refund_amount) as refunded_amount
    from {{ ref('refunds') }}
    where order_id is not null

),

sums as (

    select 'gross' as what, orders.gross_amount as of_orders, order_lines.gross_amount as of_parts
    from orders cross join order_lines
    union all
    select 'discount', orders.discount_amount, order_lines.discount_amount
    from orders cross join order_lines
    union all
    select 'adjustment', orders.adjustment_amount, adjustments.adjustment_amount
    from orders cross join adjustments
    union all
    select 'refunded', orders.refunded_amount, refunds.refunded_amount
    from orders cross join refunds

),

adjusted_orders as (

    select order_id, adjustment_amount
    from {{ ref('orders') }}
    where adjustment_amount <> 0
        and line_count > 0

),

adjusted_lines as (

    select order_id, sum(adjustment_amount) as adjustment_amount
    from {{ ref('order_lines') }}
    where adjustment_amount <> 0
    group by order_id

)

select what, of_orders, of_parts
from sums
where coalesce(of_orders, 0) <> coalesce(of_parts, 0)
union all
select
    coalesce(adjusted_orders.order_id, adjusted_lines.order_id),
    adjusted_orders.adjustment_amount,
    adjusted_lines.adjustment_amount
from adjusted_orders
full outer join adjusted_lines on adjusted_orders.order_id = adjusted_lines.order_id
where adjusted_orders.adjustment_amount is distinct from adjusted_lines.adjustment_amount

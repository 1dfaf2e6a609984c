-- What: all orders together have the gross and discount of all order lines, and the refunds of all
-- attributed refunds.
-- Why: a join that repeats an order, or drops one, changes these sums.
-- Returns one row when a sum differs.
with orders as (

    select
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(refunded_amount) as refunded_amount
    from {{ ref('orders') }}

),

order_lines as (

    select
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount
    from {{ ref('order_lines') }}

),

refunds as (

    select sum(refund_amount) as refunded_amount
    from {{ ref('refunds') }}
    where is_attributed

)

select *
from orders
cross join order_lines
cross join refunds
where coalesce(orders.gross_amount, 0) <> coalesce(order_lines.gross_amount, 0)
    or coalesce(orders.discount_amount, 0) <> coalesce(order_lines.discount_amount, 0)
    or coalesce(orders.refunded_amount, 0) <> coalesce(refunds.refunded_amount, 0)

-- A refund whose order can't be found keeps its money and its day, without an order.
with checked as (

    select * from {{ ref('int_refunds_checked') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

attached as (

    select
        checked.refund_id,
        orders.order_id,
        checked.source_system,
        checked.refunded_on,
        cast(checked.refund_amount * coalesce(orders.exchange_rate, 1) as decimal(18,2))
            as refund_amount,
        checked.refund_amount as delivered_amount
    from checked
    left join orders on checked.order_id = orders.order_id
    where checked.row_status = 'accepted'

)

select * from attached

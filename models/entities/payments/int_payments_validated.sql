-- A payment of many times what its order is worth is in cents, where yuan were agreed on. Both are
-- in the currency of the order.
with attached as (

    select
        delivered.*,
        orders.order_id as known_order_id,
        orders.ordered_on,
        order_amounts.delivered_amount as order_amount
    from {{ ref('int_payments_delivered') }} as delivered
    left join {{ ref('int_orders') }} as orders on delivered.order_id = orders.order_id
    left join {{ ref('int_order_amounts') }} as order_amounts on delivered.order_id = order_amounts.order_id

),

validated as (

    select
        attached.*,
        case
            {{ refuse_key('payment_id') }}
            when known_order_id is null then 'order_missing'
            when payment_amount is null then 'amount_unreadable'
            when order_amount > 0
                and payment_amount > {{ times('order_amount', var('payment_max_ratio')) }}
                then 'amount_in_cents'
        end as reason_code
    from attached

),

{{ deduplicated('validated', 'payments', 'payment_id') }}

select * from deduplicated

-- A payment of many times what its order asks for, its lines with shipping, tax and the like, is in
-- cents, where yuan were agreed on. Both are in the currency of the order.
with charges as (

    select
        order_id,
        sum(delivered_amount) as charged_amount
    from {{ accepted('order_adjustments') }} as adjustments
    where placement = 'on_top'
    group by order_id

),

attached as (

    select
        delivered.*,
        orders.order_id as known_order_id,
        orders.ordered_on,
        cast(
            order_amounts.delivered_amount + coalesce(charges.charged_amount, 0) as decimal(18,2)
        ) as order_amount
    from {{ ref('int_payments_delivered') }} as delivered
    left join {{ ref('int_orders') }} as orders on delivered.order_id = orders.order_id
    left join {{ ref('int_order_amounts') }} as order_amounts on delivered.order_id = order_amounts.order_id
    left join charges on delivered.order_id = charges.order_id

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

-- Where and when each customer began to buy, and when they came back: on a later day, since two receipts
-- of one day are one visit. Only the receipts of the first days are put in order.
with begun as (

    select customer_id, min(transacted_on) as first_purchase_on
    from {{ ref('int_latest_transactions') }}
    where is_purchase
    group by customer_id

),

numbered as (

    select
        purchases.customer_id,
        orders.channel,
        row_number() over (
            partition by purchases.customer_id order by orders.ordered_at nulls last, purchases.order_id nulls last
        ) as purchase_number
    from begun
    inner join {{ ref('int_latest_transactions') }} as purchases
        on begun.customer_id = purchases.customer_id
        and begun.first_purchase_on = purchases.transacted_on
        and purchases.is_purchase
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id

),

returned as (

    select purchases.customer_id, min(purchases.transacted_on) as second_purchase_on
    from begun
    inner join {{ ref('int_latest_transactions') }} as purchases
        on begun.customer_id = purchases.customer_id
        and begun.first_purchase_on < purchases.transacted_on
        and purchases.is_purchase
    group by purchases.customer_id

)

select
    begun.customer_id,
    begun.first_purchase_on,
    cast(date_trunc('month', begun.first_purchase_on) as date) as cohort_month,
    numbered.channel as first_channel,
    returned.second_purchase_on
from begun
inner join numbered
    on begun.customer_id = numbered.customer_id
    and numbered.purchase_number = 1
left join returned on begun.customer_id = returned.customer_id

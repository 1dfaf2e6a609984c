-- Where and when each customer began to buy, and when they came back: on a later day, since two receipts
-- of one day are one visit.
with numbered as (

    select
        purchases.customer_id,
        purchases.transacted_on as ordered_on,
        orders.channel,
        row_number() over (
            partition by purchases.customer_id
            order by purchases.transacted_on nulls last, orders.ordered_at nulls last, purchases.order_id nulls last
        ) as purchase_number,
        min(purchases.transacted_on) over (partition by purchases.customer_id) as first_purchase_on
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    where purchases.is_purchase

)

select
    customer_id,
    first_purchase_on,
    cast(date_trunc('month', first_purchase_on) as date) as cohort_month,
    max(channel) filter (where purchase_number = 1) as first_channel,
    min(ordered_on) filter (where ordered_on > first_purchase_on) as second_purchase_on
from numbered
group by customer_id, first_purchase_on

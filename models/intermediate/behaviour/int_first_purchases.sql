-- Where and when each customer began to buy, when they came back, and what they have spent. They came
-- back on a later day: two receipts of one day are one visit.
with numbered as (

    select
        purchases.*,
        orders.channel,
        row_number() over (
            partition by purchases.customer_id
            order by purchases.ordered_on nulls last, orders.ordered_at nulls last,
                purchases.order_id nulls last
        ) as purchase_number,
        min(purchases.ordered_on) over (partition by purchases.customer_id) as first_purchase_on
    from {{ ref('int_latest_purchases') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id

),

begun as (

    select
        customer_id,
        first_purchase_on,
        cast(date_trunc('month', first_purchase_on) as date) as cohort_month,
        max(channel) filter (where purchase_number = 1) as first_channel,
        min(ordered_on) filter (where ordered_on > first_purchase_on) as second_purchase_on,
        cast(sum(net_amount) as decimal(18,2)) as net_amount
    from numbered
    group by customer_id, first_purchase_on

)

select
    begun.*,
    {{ days_between('first_purchase_on', 'second_purchase_on') }} as days_to_second
from begun

-- What was bought together before the latest day of analysis: products, and their categories, each once an order however
-- many pieces or lines of it there are, also what guests bought whom nobody knows; their orders have numbers below zero. Returns, orders
-- that are no purchase and lines of no known product are left out. All are numbers: who reads a few rows of it joins their names, and
-- nobody compares those of all. Which purchase of an item is the customer's first of the day is said here, by month, so that nobody need
-- group all of history by days to count them.
with bought as (

    select
        items.item_kind,
        items.item_number,
        coalesce(known.order_number, -{{ number_of('purchases.order_id') }}) as order_number,
        known.customer_number,
        purchases.ordered_on
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_order_states') }} as purchases
        on lines.order_id = purchases.order_id
        and purchases.is_current
        and purchases.is_purchase
    left join {{ ref('int_latest_transactions') }} as known on purchases.order_id = known.order_id
    inner join {{ ref('int_product_items') }} as items on lines.product_id = items.product_id
    where lines.quantity > 0
    group by 1, 2, 3, 4, 5

)

select
    item_kind,
    item_number,
    order_number,
    customer_number,
    ordered_on,
    count(*) over (partition by item_kind, order_number) as basket_item_count,
    row_number() over (
        partition by item_kind, item_number, customer_number, ordered_on order by order_number nulls last
    ) = 1 as is_first_of_day
from bought

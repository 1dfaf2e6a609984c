-- What was bought together before the latest day of analysis: products, and their categories, each once an order however
-- many pieces or lines of it there are, also what guests bought whom nobody knows; their orders have numbers below zero. Returns, orders
-- that are no purchase and lines of no known product are left out. All are numbers: who reads a few rows of it joins their names, and
-- nobody compares those of all. Which purchase of an item is the customer's first of the day is said here, by month, so that nobody need
-- group all of history by days to count them.
with purchases as (

    select
        states.order_id, states.ordered_on, known.customer_number,
        coalesce(known.order_number, -{{ number_of('states.order_id') }}) as order_number
    from {{ ref('int_order_states') }} as states
    left join {{ ref('int_latest_transactions') }} as known on states.order_id = known.order_id
    where states.is_current and states.is_purchase

),

bought as (

    select distinct items.item_kind, items.item_number, purchases.order_number, purchases.customer_number, purchases.ordered_on
    from {{ ref('int_order_lines') }} as lines
    inner join purchases on lines.order_id = purchases.order_id
    inner join {{ ref('int_product_items') }} as items on lines.product_id = items.product_id
    where lines.quantity > 0

)

select
    bought.*,
    count(*) over (partition by item_kind, order_number) as basket_item_count,
    customer_number is not null and row_number() over (
        partition by item_kind, item_number, customer_number, ordered_on order by order_number nulls last
    ) = 1 as is_first_of_day
from bought

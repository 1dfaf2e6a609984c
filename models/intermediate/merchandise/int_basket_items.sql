-- What was bought together before the latest day of analysis: products, and their categories, each once an order however
-- many pieces or lines of it there are. Returns, orders that are no purchase and lines of no known product are left out.
with purchases as (

    select
        transactions.order_id,
        transactions.customer_id,
        transactions.transacted_on as ordered_on,
        customers.customer_number,
        cast(row_number() over (order by transactions.order_id nulls last) as bigint) as order_number
    from {{ ref('int_latest_transactions') }} as transactions
    left join {{ ref('int_customers') }} as customers on transactions.customer_id = customers.customer_id
    where transactions.is_purchase

),

bought as (

    select
        items.item_number,
        purchases.order_number
    from {{ ref('int_order_lines') }} as lines
    inner join purchases on lines.order_id = purchases.order_id
    inner join {{ ref('int_product_items') }} as items on lines.product_id = items.product_id
    where lines.quantity > 0
    group by items.item_number, purchases.order_number

),

named as (

    select
        items.item_kind,
        items.item_id,
        bought.item_number,
        bought.order_number
    from bought
    inner join (select distinct item_kind, item_id, item_number from {{ ref('int_product_items') }}) as items
        on bought.item_number = items.item_number

),

counted as (

    select
        item_kind,
        order_number,
        count(*) as basket_item_count
    from named
    group by item_kind, order_number

)

select
    named.item_kind,
    purchases.order_id,
    named.item_id,
    purchases.customer_id,
    purchases.ordered_on,
    counted.basket_item_count,
    named.item_number,
    named.order_number,
    purchases.customer_number
from named
inner join counted
    on named.item_kind = counted.item_kind
    and named.order_number = counted.order_number
inner join purchases on named.order_number = purchases.order_number

-- What was bought together before the latest day of analysis: products, and their categories, each once an order however
-- many pieces or lines of it there are. Returns, orders that are no purchase and lines of no known product are left out.
with kinds as (

    select 'product' as item_kind union all select 'category'

),

bought as (

    select distinct
        kinds.item_kind,
        lines.order_id,
        purchases.customer_id,
        purchases.transacted_on as ordered_on,
        case when kinds.item_kind = 'product' then lines.product_id else products.category end as item_id
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_latest_transactions') }} as purchases
        on lines.order_id = purchases.order_id
        and purchases.is_purchase
    left join {{ accepted('products') }} as products on lines.product_id = products.product_id
    cross join kinds
    where lines.quantity > 0

)

select
    item_kind,
    order_id,
    item_id,
    customer_id,
    ordered_on,
    count(*) over (partition by item_kind, order_id) as basket_item_count
from bought
where item_id is not null

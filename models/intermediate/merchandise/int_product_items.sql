-- What a product counts as where it is bought: itself, and one of its category. Each item has a number, by which baskets,
-- pairs and sequences are joined and counted, since names take many times as long to compare.
with known as (

    select product_id
    from {{ ref('int_order_lines') }}
    where product_id is not null
    group by product_id

),

items as (

    select
        'product' as item_kind,
        product_id,
        product_id as item_id
    from known
    union all
    select
        'category',
        known.product_id,
        products.category
    from known
    inner join {{ accepted('products') }} as products on known.product_id = products.product_id
    where products.category is not null

)

select
    product_id,
    item_kind,
    item_id,
    cast(dense_rank() over (order by item_kind nulls last, item_id nulls last) as bigint) as item_number
from items

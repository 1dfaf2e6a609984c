-- What customers who are grouped may be told by, one below the other: their habits, whether they are young, and which share of all that
-- they have ever bought is of each category: habits are of cluster_days, tastes of all time, and of more purchases.
{%- for habit in cluster_features() + ['young_share'] %}
select customer_id, 'habit' as trait_kind, '{{ habit }}' as trait, cast({{ habit }} as double) as value
from {{ ref('int_cluster_features') }}
where {{ habit }} is not null
union all
{%- endfor %}
select
    habits.customer_id,
    'category',
    products.category,
    sum(bought.purchase_count) / cast(sum(sum(bought.purchase_count)) over (partition by habits.customer_id) as double)
from {{ ref('int_customer_products') }} as bought
inner join {{ ref('int_customers') }} as customers on bought.customer_number = customers.customer_number
inner join {{ ref('int_cluster_features') }} as habits on customers.customer_id = habits.customer_id
inner join {{ ref('int_product_items') }} as items on items.item_kind = 'product' and bought.item_number = items.item_number
inner join {{ accepted('products') }} as products on items.product_id = products.product_id
where products.category is not null
group by habits.customer_id, products.category

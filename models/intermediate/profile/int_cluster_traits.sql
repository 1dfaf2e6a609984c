-- What customers who are grouped may be told by, one below the other: their habits, whether they are young, and which share of all that
-- they have ever bought is of each category: habits are of cluster_days, tastes of all time, and of more purchases.
{%- for habit in cluster_features() + ['young_share'] %}
select customer_id, 'habit' as trait_kind, '{{ habit }}' as trait, cast({{ habit }} as double) as value
from {{ ref('int_cluster_features') }}
where {{ habit }} is not null
union all
{%- endfor %}
select
    bought.customer_id,
    'category',
    products.category,
    sum(bought.purchase_count) / cast(sum(sum(bought.purchase_count)) over (partition by bought.customer_id) as double)
from {{ ref('int_customer_products') }} as bought
inner join {{ ref('int_cluster_features') }} as habits on bought.customer_id = habits.customer_id
inner join {{ accepted('products') }} as products on bought.product_id = products.product_id
where products.category is not null
group by bought.customer_id, products.category

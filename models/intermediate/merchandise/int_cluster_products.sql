-- What the customers of a cluster buy, and all of them together as cluster 0: the mean of their shares of baskets, and the best of
-- it by what it and the baskets of late add to a score. Two joins serve any number of customers, since a cluster's list is one.
with shares as (

    select
        coalesce(customers.cluster, 0) as cluster,
        bought.product_id,
        count(*) as customer_count,
        sum(cast(bought.basket_share as decimal(28,12))) as basket_share
    from {{ ref('int_customer_products') }} as bought
    inner join {{ ref('int_personalised_customers') }} as customers on bought.customer_id = customers.customer_id
    group by grouping sets ((customers.cluster, bought.product_id), (bought.product_id))

),

clusters as (

    select
        coalesce(cluster, 0) as cluster,
        count(*) as customer_count
    from {{ ref('int_personalised_customers') }}
    where cluster > 0
    group by grouping sets ((cluster), ())

),

weights as (

    select
        max(value) filter (where parameter = 'late_weight') as late_weight,
        max(value) filter (where parameter = 'alike_weight') as alike_weight
    from {{ ref('int_current_parameters') }}
    where model = 'recommendations'

),

weighed as (

    select
        shares.cluster,
        shares.product_id,
        shares.customer_count,
        products.recent_basket_count,
        weights.late_weight * products.recent_basket_share as late_score,
        weights.alike_weight * cast(shares.basket_share as double) / clusters.customer_count as alike_score
    from shares
    inner join clusters on shares.cluster = clusters.cluster
    inner join {{ ref('int_recommendable_products') }} as products on shares.product_id = products.product_id
    cross join weights

)

select
    weighed.*,
    cast(
        row_number() over (
            partition by cluster
            order by {{ round_half_up('late_score + alike_score', 12) }} desc nulls last, product_id nulls last
        ) as bigint
    ) as product_rank
from weighed

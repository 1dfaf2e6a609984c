-- What the customers of a cluster buy, and all of them together as cluster 0: the mean of their shares of baskets, and the best of
-- it by what it and the baskets of late add to a score. Two joins serve any number of customers, since a cluster's list is one.
with shares as (

    select
        coalesce(cluster, 0) as cluster,
        product_number,
        count(*) as customer_count,
        sum(cast(basket_share as decimal(28,12))) as basket_share
    from {{ ref('int_repurchase_rhythms') }}
    group by grouping sets ((cluster, product_number), (product_number))

),

clusters as (

    select
        coalesce(cluster, 0) as cluster,
        count(*) as customer_count,
        count(*) = max(count(*)) over () as is_everybody
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
        shares.product_number,
        products.category_number,
        shares.customer_count,
        clusters.is_everybody,
        products.recent_basket_count,
        weights.late_weight * products.recent_basket_share as late_score,
        weights.alike_weight * cast(shares.basket_share as double) / clusters.customer_count as alike_score
    from shares
    inner join clusters on shares.cluster = clusters.cluster
    inner join {{ ref('int_recommendable_products') }} as products on shares.product_number = products.product_number
    cross join weights

),

keyed as (

    select
        weighed.*,
        {{ round_half_up('late_score + alike_score', 12) }} as sorting_score
    from weighed

),

placed as (

    select
        keyed.*,
        {{ category_place('cluster') }} as category_place,
        row_number() over (
            partition by cluster order by sorting_score desc nulls last, product_number nulls last
        ) as list_place
    from keyed

)

select
    cluster,
    product_number,
    category_number,
    customer_count,
    is_everybody,
    recent_basket_count,
    late_score,
    alike_score,
    cast(list_place as bigint) as product_rank,
    cast({{ needed_absences('cluster') }} as bigint) as needed_absence_count
from placed

-- New products for those who buy their like: of a product that hardly anybody has bought nothing is known but its category, brand
-- and price band. The share of a customer's baskets that has something of the kind is taken in equal parts by all products of it.
-- What comes to less than the last of the cluster's list is left out: it would be shown to nobody; so is what is of that list anyway.
with kinds as (

    select
        product_id,
        category,
        brand,
        price_band,
        is_new,
        count(*) over (partition by category, brand, price_band) as kind_product_count,
        row_number() over (
            partition by category, brand, price_band, is_new
            order by recent_basket_count desc nulls last, product_id nulls last
        ) as kind_rank
    from {{ ref('int_recommendable_products') }}

),

offered as (

    select *
    from kinds
    where is_new
        and kind_rank <= {{ whole_number('recommendation_new_products', 0) }}

),

listed as (

    select
        cluster,
        product_id,
        late_score + alike_score as score
    from {{ ref('int_cluster_products') }}
    where product_rank <= {{ var('recommendation_candidates') }}

),

floors as (

    select
        cluster,
        min(score) as least_score
    from listed
    group by cluster

),

habits as (

    select
        bought.customer_id,
        customers.cluster,
        kinds.category,
        kinds.brand,
        kinds.price_band,
        cast(sum(cast(bought.basket_share as decimal(28,12))) as double) as kind_share
    from {{ ref('int_customer_products') }} as bought
    inner join {{ ref('int_personalised_customers') }} as customers on bought.customer_id = customers.customer_id
    inner join kinds on bought.product_id = kinds.product_id
    group by bought.customer_id, customers.cluster, kinds.category, kinds.brand, kinds.price_band

)

select
    habits.customer_id,
    offered.product_id,
    offered.category,
    least(habits.kind_share, 1e0) as kind_share,
    weights.value * least(habits.kind_share, 1e0) / offered.kind_product_count as score
from habits
inner join floors on habits.cluster = floors.cluster
inner join {{ ref('int_current_parameters') }} as weights
    on weights.model = 'recommendations'
    and weights.parameter = 'alike_weight'
inner join offered
    on habits.category = offered.category
    and habits.price_band = offered.price_band
    and habits.brand is not distinct from offered.brand
anti join {{ ref('int_customer_products') }} as bought
    on habits.customer_id = bought.customer_id
    and offered.product_id = bought.product_id
anti join listed
    on habits.cluster = listed.cluster
    and offered.product_id = listed.product_id
where weights.value * least(habits.kind_share, 1e0) / offered.kind_product_count >= floors.least_score

-- New products for those who buy their like: of what hardly anybody has bought nothing is known but category, brand and price
-- band. The shares of a customer's baskets with each product of the kind, 1 at most together, are taken in equal parts by all of
-- them. Left out is what comes to less than the last of the cluster's list, even for who buys nothing else, and what is of it.
with kinds as (

    select
        product_number,
        category_number,
        is_new,
        min(product_number) over (partition by category, brand, price_band) as kind_number,
        count(*) over (partition by category, brand, price_band) as kind_product_count,
        row_number() over (
            partition by category, brand, price_band, is_new
            order by recent_basket_count desc nulls last, product_number nulls last
        ) as kind_rank
    from {{ ref('int_recommendable_products') }}
    where category is not null

),

listed as (

    select
        cluster,
        product_number,
        late_score + alike_score as score
    from {{ ref('int_cluster_products') }}
    where product_rank <= {{ var('recommendation_candidates') }}

),

floors as (

    select
        listed.cluster,
        weights.value as weight,
        min(listed.score) as least_score
    from listed
    inner join {{ ref('int_current_parameters') }} as weights
        on weights.model = 'recommendations'
        and weights.parameter = 'alike_weight'
    group by listed.cluster, weights.value

),

offered as (

    select
        floors.cluster,
        floors.weight,
        floors.least_score,
        kinds.kind_number,
        kinds.kind_product_count,
        kinds.product_number,
        kinds.category_number
    from kinds
    inner join floors on floors.weight / kinds.kind_product_count >= floors.least_score
    anti join listed
        on floors.cluster = listed.cluster
        and kinds.product_number = listed.product_number
    where kinds.is_new
        and kinds.kind_rank <= {{ whole_number('recommendation_new_products', 0) }}

),

habits as (

    select
        bought.customer_number,
        bought.cluster,
        kinds.kind_number,
        count(*) as similar_product_count,
        least(cast(sum(cast(bought.basket_share as decimal(28,12))) as double), 1e0) as kind_share
    from {{ ref('int_repurchase_rhythms') }} as bought
    inner join kinds on bought.product_number = kinds.product_number
    semi join offered
        on bought.cluster = offered.cluster
        and kinds.kind_number = offered.kind_number
    group by bought.customer_number, bought.cluster, kinds.kind_number

)

select
    habits.customer_number,
    offered.product_number,
    offered.category_number,
    habits.similar_product_count,
    offered.weight * habits.kind_share / offered.kind_product_count as score
from habits
inner join offered
    on habits.cluster = offered.cluster
    and habits.kind_number = offered.kind_number
anti join {{ ref('int_repurchase_rhythms') }} as bought
    on habits.customer_number = bought.customer_number
    and offered.product_number = bought.product_number
where offered.weight * habits.kind_share / offered.kind_product_count >= offered.least_score

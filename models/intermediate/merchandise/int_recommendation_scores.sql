-- What each customer is likely to buy next: the share of their own baskets that has it, what is bought of late, and what those like
-- them buy, added up by weights. Candidates are the customer's first products and the first of the cluster, never the catalogue; to
-- these come new products, of which nothing is known but what they are like: how many of the customer's baskets have something of
-- that category, brand and price band, in equal parts for all products of the kind.
{%- set listed = whole_number('recommendation_candidates', 1) %}

with weights as (

    select
        max(value) filter (where parameter = 'own_weight') as own_weight,
        max(value) filter (where parameter = 'alike_weight') as alike_weight
    from {{ ref('int_current_parameters') }}
    where model = 'recommendations'

),

listed as (

    select
        cluster_products.*,
        products.category
    from {{ ref('int_cluster_products') }} as cluster_products
    inner join {{ ref('int_recommendable_products') }} as products
        on cluster_products.product_id = products.product_id
    where cluster_products.product_rank <= {{ listed }}

),

own as (

    select
        rhythms.customer_id,
        rhythms.product_id,
        rhythms.category,
        rhythms.basket_share,
        rhythms.gap_days,
        rhythms.due_on,
        weights.own_weight * rhythms.basket_share as own_score,
        shares.late_score,
        shares.alike_score,
        shares.recent_basket_count,
        shares.customer_count
    from {{ ref('int_repurchase_rhythms') }} as rhythms
    inner join {{ ref('int_personalised_customers') }} as customers on rhythms.customer_id = customers.customer_id
    inner join {{ ref('int_cluster_products') }} as shares
        on customers.cluster = shares.cluster
        and rhythms.product_id = shares.product_id
    cross join weights
    where rhythms.product_rank <= {{ listed }}
        and not rhythms.is_resting

),

known as (

    select
        bought.customer_id,
        bought.product_id
    from {{ ref('int_customer_products') }} as bought
    semi join listed on bought.product_id = listed.product_id

),

fresh as (

    select
        customers.customer_id,
        listed.product_id,
        listed.category,
        listed.late_score,
        listed.alike_score,
        listed.recent_basket_count,
        listed.customer_count
    from {{ ref('int_personalised_customers') }} as customers
    inner join listed on customers.cluster = listed.cluster
    anti join known
        on customers.customer_id = known.customer_id
        and listed.product_id = known.product_id

)

select
    customer_id,
    product_id,
    category,
    own_score + late_score + alike_score as score,
    own_score,
    late_score,
    alike_score,
    basket_share,
    gap_days,
    due_on,
    recent_basket_count,
    customer_count
from own
union all
select
    customer_id,
    product_id,
    category,
    late_score + alike_score,
    null,
    late_score,
    alike_score,
    null,
    null,
    null,
    recent_basket_count,
    customer_count
from fresh

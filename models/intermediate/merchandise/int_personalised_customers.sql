-- To whom something may be recommended, and whom they are like. A customer one of whose accounts said no to personalisation, on
-- any channel, or to every purpose, is left out here, and so everywhere. Who is like whom is told by the square roots of the
-- shares of categories in what they bought, whose distance is between 0 and 2 however much that was: the nearest centroid is the
-- one with the greatest 2 x·c − c·c. Before a fit there are none, and all are alike. Who never bought is of cluster 0.
with answered as (

    select
        customer_id,
        count(*) filter (where is_permitted) as consent_count,
        count(*) filter (where reason = 'withdrawn') as refusal_count
    from {{ ref('int_permissions') }}
    where purpose = 'personalisation'
    group by customer_id

),

allowed as (

    select customers.customer_id
    from {{ ref('int_customers') }} as customers
    left join answered on customers.customer_id = answered.customer_id
    where coalesce(answered.refusal_count, 0) = 0
        and coalesce(answered.consent_count, 0) >= {{ 1 if var('personalisation_needs_consent') else 0 }}

),

bought as (

    select
        bought.customer_id,
        products.category,
        cast(sum(bought.purchase_count) as bigint) as purchase_count
    from {{ ref('int_customer_products') }} as bought
    left join {{ accepted('products') }} as products on bought.product_id = products.product_id
    group by bought.customer_id, products.category

),

shares as (

    select
        customer_id,
        category,
        sqrt(purchase_count / cast(sum(purchase_count) over (partition by customer_id) as double)) as root_share
    from bought

),

centroids as (

    select
        feature as category,
        cast(knot as bigint) as cluster,
        value,
        sum(cast(value * value as decimal(28,12))) over (partition by knot) as square
    from {{ ref('int_current_parameters') }}
    where model = 'recommendations'
        and parameter like 'centroid%'

),

compared as (

    select
        shares.customer_id,
        centroids.cluster,
        2 * sum(cast(shares.root_share * centroids.value as decimal(28,12))) - centroids.square as closeness
    from shares
    inner join centroids on shares.category = centroids.category
    group by shares.customer_id, centroids.cluster, centroids.square

),

ranked as (

    select
        customer_id,
        cluster,
        row_number() over (partition by customer_id order by closeness desc nulls last, cluster nulls last) as cluster_rank
    from compared

),

buyers as (

    select distinct customer_id
    from bought

)

select
    allowed.customer_id,
    case when buyers.customer_id is null then 0 else coalesce(ranked.cluster, 1) end as cluster
from allowed
left join buyers on allowed.customer_id = buyers.customer_id
left join ranked
    on allowed.customer_id = ranked.customer_id
    and ranked.cluster_rank = 1

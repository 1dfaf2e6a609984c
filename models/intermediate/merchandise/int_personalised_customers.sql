-- To whom something may be recommended, and whom they are like. Who said no to personalisation with any account, on any channel, or
-- to every purpose, is left out. x has the square roots of the shares of categories in what one bought; the nearest centroid c has
-- the greatest 2 x·c − c·c: of those that share no category with x the one with the least c·c, which stands for all.
with allowed as (

    select customers.customer_id, customers.customer_number
    from {{ ref('int_customers') }} as customers
    left join {{ ref('int_permissions') }} as permissions
        on customers.customer_id = permissions.customer_id
        and permissions.purpose = 'personalisation'
    group by customers.customer_id, customers.customer_number
    having count(*) filter (where permissions.reason = 'withdrawn') = 0
        and count(*) filter (where permissions.is_permitted) >= {{ 1 if var('personalisation_needs_consent') else 0 }}

),

shares as (

    select
        bought.customer_number,
        products.category,
        max(bought.last_purchase_on) as last_purchase_on,
        sqrt(
            sum(bought.purchase_count)
            / cast(sum(sum(bought.purchase_count)) over (partition by bought.customer_number) as double)
        ) as root_share
    from {{ ref('int_customer_products') }} as bought
    left join {{ ref('int_product_items') }} as items on items.item_kind = 'product' and bought.item_number = items.item_number
    left join {{ accepted('products') }} as products on items.product_id = products.product_id
    group by bought.customer_number, products.category

),

buyers as (

    select
        customer_number,
        max(last_purchase_on) as last_purchase_on
    from shares
    group by customer_number

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
        shares.customer_number,
        centroids.cluster,
        2 * sum(cast(shares.root_share * centroids.value as decimal(28,12))) - centroids.square as closeness
    from shares
    inner join centroids on shares.category = centroids.category
    group by shares.customer_number, centroids.cluster, centroids.square
    union all
    select
        buyers.customer_number,
        smallest.cluster,
        -smallest.square
    from buyers
    inner join (
        select *, row_number() over (order by square nulls last, cluster nulls last, category nulls last) as place from centroids
    ) as smallest on smallest.place = 1

),

ranked as (

    select
        customer_number,
        cluster,
        row_number() over (partition by customer_number order by closeness desc nulls last, cluster nulls last) as cluster_rank
    from compared

)

select
    allowed.customer_id, allowed.customer_number,
    buyers.last_purchase_on,
    case when buyers.customer_number is null then 0 else coalesce(ranked.cluster, 1) end as cluster
from allowed
left join buyers on allowed.customer_number = buyers.customer_number
left join ranked
    on allowed.customer_number = ranked.customer_number
    and ranked.cluster_rank = 1

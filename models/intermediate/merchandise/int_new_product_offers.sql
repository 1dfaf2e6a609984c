-- New products for those who buy their like: of a product that hardly anybody has bought nothing is known but its category, brand
-- and price band. The share of a customer's baskets that has something of the kind is taken in equal parts by all products of it.
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

habits as (

    select
        bought.customer_id,
        kinds.category,
        kinds.brand,
        kinds.price_band,
        cast(sum(cast(bought.basket_share as decimal(28,12))) as double) as kind_share
    from {{ ref('int_customer_products') }} as bought
    inner join {{ ref('int_personalised_customers') }} as customers on bought.customer_id = customers.customer_id
    inner join kinds on bought.product_id = kinds.product_id
    group by bought.customer_id, kinds.category, kinds.brand, kinds.price_band

)

select
    habits.customer_id,
    offered.product_id,
    offered.category,
    least(habits.kind_share, 1e0) as kind_share,
    least(habits.kind_share, 1e0) / offered.kind_product_count as expected_share
from habits
inner join offered
    on habits.category = offered.category
    and habits.price_band = offered.price_band
    and habits.brand is not distinct from offered.brand
anti join {{ ref('int_customer_products') }} as bought
    on habits.customer_id = bought.customer_id
    and offered.product_id = bought.product_id

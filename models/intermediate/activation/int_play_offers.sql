-- What to show a customer: the first of what they buy again, due or not, or of what is recommended at home, or bought most of what shelves have.
-- Who said no to personalisation is not here, and is shown nothing of their own.
with recommended as (

    select
        shown.customer_number,
        products.product_id,
        row_number() over (
            partition by shown.customer_number
            order by case when shown.scene = 'buy_again' then 1 else 2 end nulls last, shown.recommendation_rank nulls last, products.product_id nulls last
        ) as choice
    from {{ ref('int_recommended_products') }} as shown
    inner join {{ ref('int_recommendable_products') }} as products on shown.product_number = products.product_number
    where shown.scene in ('buy_again', 'home')

),

favourites as (

    select
        bought.customer_number,
        min_by(products.product_id, bought.product_rank) as product_id
    from {{ ref('int_customer_products') }} as bought
    inner join {{ ref('int_recommendable_products') }} as products on bought.item_number = products.item_number
    group by bought.customer_number

)

select
    personalised.customer_id,
    coalesce(recommended.product_id, favourites.product_id) as product_id
from {{ ref('int_personalised_customers') }} as personalised
left join recommended
    on personalised.customer_number = recommended.customer_number
    and recommended.choice = 1
left join favourites on personalised.customer_number = favourites.customer_number

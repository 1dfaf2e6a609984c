-- After how many days each customer buys a product again: the mean of the customer's own gaps and of as many usual ones of the
-- product as recommendation_gap_prior, so that two purchases a day apart are no rhythm. It rests for a share of that; what nobody
-- ever bought on two days is bought once. What is out of stock is not offered.
with paced as (

    select
        customers.customer_number,
        customers.cluster,
        products.product_number,
        bought.last_purchase_on,
        bought.basket_share,
        bought.product_rank,
        (
            coalesce(bought.mean_gap_days, 0) * (bought.purchase_day_count - 1)
            + {{ whole_number('recommendation_gap_prior', 1) }} * products.usual_gap_days
        ) / (bought.purchase_day_count - 1 + {{ var('recommendation_gap_prior') }}) as gap_days
    from {{ ref('int_customer_products') }} as bought
    inner join {{ ref('int_personalised_customers') }} as customers on bought.customer_number = customers.customer_number
    inner join {{ ref('int_recommendable_products') }} as products on bought.item_number = products.item_number

)

select
    paced.customer_number,
    paced.product_number,
    paced.cluster,
    paced.basket_share,
    paced.product_rank,
    cast({{ round_half_up('paced.gap_days', 6) }} as double) as gap_days,
    cast(paced.last_purchase_on + interval '1' day * cast(floor(paced.gap_days + 0.5) as bigint) as date) as due_on,
    coalesce(
        {{ days_between('paced.last_purchase_on', 'latest.as_of_date') }} < {{ var('recommendation_rest_share') }} * paced.gap_days, true
    ) as is_resting
from paced
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest

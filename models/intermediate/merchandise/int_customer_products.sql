-- What each customer buys: how often, since when, and in which share of the baskets, where a basket counts half as much as one
-- recommendation_half_life_days younger. The items of a basket bear its weight in equal parts, so that these add up to the
-- weight of the customer's baskets without looking at them again.
{%- set weight = "power(0.5e0, " ~ days_between('ordered_on', 'as_of_date')
    ~ " / " ~ whole_number('recommendation_half_life_days', 1) ~ "e0)" %}

with days as (

    select
        items.customer_id,
        items.item_id as product_id,
        items.ordered_on,
        latest.as_of_date,
        count(*) as purchase_count,
        sum(cast({{ weight }} as decimal(28,12))) as weight,
        sum(cast({{ weight }} / items.basket_item_count as decimal(28,12))) as basket_weight
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where items.item_kind = 'product'
        and items.customer_id is not null
    group by items.customer_id, items.item_id, items.ordered_on, latest.as_of_date

),

summed as (

    select
        customer_id,
        product_id,
        cast(sum(purchase_count) as bigint) as purchase_count,
        count(*) as purchase_day_count,
        min(ordered_on) as first_purchase_on,
        max(ordered_on) as last_purchase_on,
        sum(weight) as weight,
        sum(basket_weight) as basket_weight
    from days
    group by customer_id, product_id

)

select
    customer_id,
    product_id,
    purchase_count,
    purchase_day_count,
    first_purchase_on,
    last_purchase_on,
    cast(weight as double)
        / nullif(cast(sum(basket_weight) over (partition by customer_id) as double), 0) as basket_share,
    cast({{ days_between('first_purchase_on', 'last_purchase_on') }} as double)
        / nullif(purchase_day_count - 1, 0) as mean_gap_days,
    cast(
        row_number() over (
            partition by customer_id
            order by weight desc nulls last, last_purchase_on desc nulls last, product_id nulls last
        ) as bigint
    ) as product_rank
from summed

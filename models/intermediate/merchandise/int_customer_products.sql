-- What each customer buys: how often, since when, and in which share of the baskets, where a basket counts half as much as one
-- recommendation_half_life_days younger. The items of a basket bear its weight in equal parts, so that these add up to the
-- weight of the customer's baskets without looking at them again. Numbers stand for customers and products, those of products in the
-- order of their names: of so many rows names would be dear to write, and to compare wherever these are read.
{%- set weight = "power(0.5e0, " ~ days_between('ordered_on', 'as_of_date')
    ~ " / " ~ whole_number('recommendation_half_life_days', 1) ~ "e0)" %}

with summed as (

    select
        items.customer_number,
        items.item_number,
        count(*) as purchase_count,
        count(*) filter (where items.is_first_of_day) as purchase_day_count,
        min(items.ordered_on) as first_purchase_on,
        max(items.ordered_on) as last_purchase_on,
        sum(cast({{ weight }} as decimal(28,12))) as weight,
        sum(cast({{ weight }} / items.basket_item_count as decimal(28,12))) as basket_weight
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where items.item_kind = 'product'
        and items.customer_number is not null
    group by items.customer_number, items.item_number

),

ranked as (

    select
        summed.*,
        sum(basket_weight) over (partition by customer_number) as all_basket_weight,
        row_number() over (
            partition by customer_number
            order by weight desc nulls last, last_purchase_on desc nulls last, item_number nulls last
        ) as product_rank
    from summed

)

select
    ranked.customer_number,
    ranked.item_number,
    ranked.purchase_count,
    ranked.purchase_day_count,
    ranked.first_purchase_on,
    ranked.last_purchase_on,
    cast(ranked.weight as double) / nullif(cast(ranked.all_basket_weight as double), 0) as basket_share,
    cast({{ days_between('ranked.first_purchase_on', 'ranked.last_purchase_on') }} as double)
        / nullif(ranked.purchase_day_count - 1, 0) as mean_gap_days,
    cast(ranked.product_rank as bigint) as product_rank
from ranked

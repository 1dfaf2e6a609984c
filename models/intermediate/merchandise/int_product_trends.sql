-- Which share of all baskets has a product of late: a basket counts half as much as one recommendation_trend_half_life_days
-- younger. Within ten half-lives all but a thousandth of the weight lies. The gap after which a product is bought again is
-- that of the customer in the middle.
{%- set half_life = whole_number('recommendation_trend_half_life_days', 1) %}
{%- set weight = "power(0.5e0, " ~ days_between('items.ordered_on', 'latest.as_of_date') ~ " / " ~ half_life ~ "e0)" %}

with recent as (

    select
        items.item_id as product_id,
        count(*) as recent_basket_count,
        sum(cast({{ weight }} as decimal(28,12))) as weight,
        sum(cast({{ weight }} / items.basket_item_count as decimal(28,12))) as basket_weight
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and items.ordered_on >= latest.as_of_date - {{ 10 * half_life }}
    where items.item_kind = 'product'
    group by items.item_id

),

total as (

    select cast(sum(basket_weight) as double) as basket_weight
    from recent

),

bought_again as (

    select
        product_id,
        count(*) as customer_count,
        count(mean_gap_days) as returning_customer_count,
        percentile_cont(0.5) within group (order by mean_gap_days) as usual_gap_days
    from {{ ref('int_customer_products') }}
    group by product_id

)

select
    coalesce(recent.product_id, bought_again.product_id) as product_id,
    coalesce(bought_again.customer_count, 0) as customer_count,
    coalesce(bought_again.returning_customer_count, 0) as returning_customer_count,
    bought_again.usual_gap_days,
    coalesce(recent.recent_basket_count, 0) as recent_basket_count,
    coalesce(cast(recent.weight as double) / total.basket_weight, 0) as recent_basket_share
from recent
full join bought_again on recent.product_id = bought_again.product_id
cross join total

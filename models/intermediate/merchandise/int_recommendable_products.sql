-- What may be recommended, how much it is bought of late, and what it is like. A basket counts half as much as one
-- recommendation_trend_half_life_days younger; within ten half-lives all but a thousandth of the weight lies. What every count
-- of the last stock_count_days found gone is left out; where nobody counts, it may be there. A product is new when hardly
-- anybody has bought it, and it was neither bought, by guests too, nor counted on a shelf before the ten half-lives. What
-- nobody ever bought is new by its counts alone, where counting is older than that.
{%- set half_life = whole_number('recommendation_trend_half_life_days', 1) %}
{%- set recent_on = "latest.as_of_date - " ~ 10 * half_life %}
{%- set weight = "power(0.5e0, " ~ days_between('items.ordered_on', 'latest.as_of_date') ~ " / " ~ half_life ~ "e0)" %}
{%- set price_bands = whole_number('recommendation_price_bands', 1) %}

with latest as (

    select as_of_date
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

sold as (

    select
        items.item_number,
        min(items.ordered_on) as first_ordered_on,
        count(*) filter (where items.ordered_on >= {{ recent_on }}) as recent_basket_count,
        sum(cast({{ weight }} as decimal(28,12))) filter (where items.ordered_on >= {{ recent_on }}) as weight,
        sum(cast({{ weight }} / items.basket_item_count as decimal(28,12)))
            filter (where items.ordered_on >= {{ recent_on }}) as basket_weight
    from {{ ref('int_basket_items') }} as items
    cross join latest
    where items.item_kind = 'product'
    group by items.item_number

),

bought_again as (

    select
        items.product_id,
        bought.customer_count,
        bought.usual_gap_days
    from (
        select
            item_number,
            count(*) as customer_count,
            percentile_cont(0.5) within group (order by mean_gap_days) as usual_gap_days
        from {{ ref('int_customer_products') }}
        group by item_number
    ) as bought
    inner join {{ ref('int_product_items') }} as items on items.item_kind = 'product' and bought.item_number = items.item_number

),

counted as (

    select
        levels.product_id,
        min(levels.counted_on) as first_counted_on,
        max_by(levels.on_hand_quantity, cast(levels.counted_on as string) || levels.stock_level_id)
            filter (where levels.counted_on >= latest.as_of_date - {{ whole_number('stock_count_days', 1) }}) as on_hand_quantity
    from {{ accepted('stock_levels') }} as levels
    inner join latest on levels.counted_on < latest.as_of_date
    group by levels.product_id, levels.store_id

),

on_hand as (

    select
        product_id,
        max(on_hand_quantity) as most_on_hand_quantity,
        min(first_counted_on) as first_counted_on,
        min(min(first_counted_on)) over () as counting_began_on
    from counted
    group by product_id

),

described as (

    select
        coalesce(products.product_id, bought_again.product_id) as product_id,
        products.category,
        products.brand,
        least({{ price_bands }}, 1 + cast(floor(
            {{ price_bands }} * percent_rank() over (partition by products.category order by products.list_price nulls last)
        ) as bigint)) as price_band
    from {{ accepted('products') }} as products
    full join bought_again on products.product_id = bought_again.product_id

)

select
    described.product_id,
    cast(row_number() over (order by described.product_id nulls last) as bigint) as product_number,
    items.item_number,
    cast(dense_rank() over (order by coalesce(described.category, described.product_id) nulls last) as bigint) as category_number,
    described.category,
    described.brand,
    described.price_band,
    coalesce(
        coalesce(bought_again.customer_count, 0) < {{ whole_number('recommendation_known_customers', 1) }}
        and least(sold.first_ordered_on, on_hand.first_counted_on) >= {{ recent_on }}
        and (
            sold.item_number is not null
            or on_hand.most_on_hand_quantity > 0 and on_hand.counting_began_on < {{ recent_on }}
        ),
        false
    ) as is_new,
    bought_again.usual_gap_days,
    coalesce(sold.recent_basket_count, 0) as recent_basket_count,
    coalesce(cast(sold.weight as double) / total.basket_weight, 0) as recent_basket_share
from described
cross join latest
cross join (select cast(sum(basket_weight) as double) as basket_weight from sold) as total
left join bought_again on described.product_id = bought_again.product_id
left join {{ ref('int_product_items') }} as items on items.item_kind = 'product' and described.product_id = items.product_id
left join sold on items.item_number = sold.item_number
left join on_hand on described.product_id = on_hand.product_id
where coalesce(on_hand.most_on_hand_quantity > 0, true)

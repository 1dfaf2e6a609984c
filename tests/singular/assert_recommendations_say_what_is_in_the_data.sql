-- What: nobody who said no to personalisation is recommended anything; nothing that the last counts found gone is; and the number
-- of a reason is what the data have, counted anew: baskets from the orders, gaps, buyers and what is like a new product from what
-- each customer bought, shares of pairs as they are published. Shares of one's own and gaps are those of a thousand customers, since
-- all of them were all order lines once more.
-- Why: whoever shows a reason vouches for it, and one recommendation to somebody who said no is one too many.
-- Returns the customers, products and methods that break it.
{%- set half_life = var('recommendation_half_life_days') %}

with shown as (

    select
        recommended.customer_id,
        customers.customer_number,
        customers.cluster,
        recommended.product_id,
        recommended.context_product_id,
        recommended.method,
        recommended.reason_number
    from {{ ref('customer_recommendations') }} as recommended
    left join {{ ref('int_personalised_customers') }} as customers on recommended.customer_id = customers.customer_id

),

thousand as (

    select customer_number
    from (
        select
            customer_number,
            row_number() over (order by customer_number nulls last) as place
        from {{ ref('int_personalised_customers') }}
    ) as customers
    where place <= 1000

),

asked as (

    select *
    from shown
    where method not in ('own', 'again')
        or customer_number in (select customer_number from thousand)

),

counted as (

    select
        levels.product_id,
        max_by(
            levels.on_hand_quantity, cast(levels.counted_on as string) || levels.stock_level_id
        ) as on_hand_quantity
    from {{ accepted('stock_levels') }} as levels
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and levels.counted_on < latest.as_of_date
        and levels.counted_on >= latest.as_of_date - {{ var('stock_count_days') }}
    group by levels.product_id, levels.store_id

),

recent as (

    select
        lines.product_id,
        count(distinct lines.order_id) as basket_count
    from {{ ref('order_lines') }} as lines
    inner join {{ ref('int_order_states') }} as purchases -- of everybody, guests among them
        on lines.order_id = purchases.order_id
        and purchases.is_purchase
        and purchases.is_current
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and purchases.ordered_on >= latest.as_of_date - {{ 10 * var('recommendation_trend_half_life_days') }}
    where lines.quantity > 0
    group by lines.product_id

),

baskets as (

    select distinct
        customers.customer_id,
        lines.order_id,
        lines.product_id,
        power(0.5e0, {{ days_between('purchases.transacted_on', 'latest.as_of_date') }} / {{ half_life }}e0) as weight
    from {{ ref('order_lines') }} as lines
    inner join {{ ref('int_latest_transactions') }} as purchases
        on lines.order_id = purchases.order_id
        and purchases.is_purchase
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    inner join {{ ref('int_personalised_customers') }} as customers
        on purchases.customer_id = customers.customer_id
    inner join thousand on customers.customer_number = thousand.customer_number
    where lines.quantity > 0
        and lines.product_id is not null

),

own as (

    select
        baskets.customer_id,
        baskets.product_id,
        sum(baskets.weight) / max(totals.weight) as basket_share
    from baskets
    inner join (
        select customer_id, sum(weight) as weight
        from (select distinct customer_id, order_id, weight from baskets) as orders
        group by customer_id
    ) as totals on baskets.customer_id = totals.customer_id
    group by baskets.customer_id, baskets.product_id

),

buyers as (

    select
        numbered.cluster,
        items.product_id,
        numbered.customer_count
    from (
        select
            customers.cluster,
            bought.item_number,
            count(*) as customer_count
        from {{ ref('int_customer_products') }} as bought
        inner join {{ ref('int_personalised_customers') }} as customers on bought.customer_number = customers.customer_number
        group by grouping sets ((customers.cluster, bought.item_number), (bought.item_number))
    ) as numbered
    inner join {{ ref('int_product_items') }} as items on items.item_kind = 'product' and numbered.item_number = items.item_number

),

bought as (

    select
        products.customer_number,
        items.product_id,
        products.purchase_day_count,
        products.mean_gap_days
    from {{ ref('int_customer_products') }} as products
    inner join {{ ref('int_product_items') }} as items on items.item_kind = 'product' and products.item_number = items.item_number
    where products.customer_number in (select customer_number from asked where method in ('again', 'new'))

),

resembled as (

    select
        shown.customer_id,
        shown.product_id,
        count(distinct bought.product_id) as product_count -- it may be shown in several scenes
    from shown
    inner join {{ ref('int_recommendable_products') }} as fresh on shown.product_id = fresh.product_id
    inner join bought on shown.customer_number = bought.customer_number
    inner join {{ ref('int_recommendable_products') }} as known
        on bought.product_id = known.product_id
        and fresh.category = known.category
        and fresh.price_band = known.price_band
        and fresh.brand is not distinct from known.brand
    where shown.method = 'new'
    group by shown.customer_id, shown.product_id

)

select
    customer_id,
    product_id,
    'withdrawn' as breach
from shown
where customer_id in (
    select customer_id
    from {{ ref('int_consent_answers') }}
    where answer = 'withdrawn' and purpose = 'personalisation'
)
union all
select
    customer_id,
    product_id,
    'gone'
from shown
where product_id in (select product_id from counted group by product_id having max(on_hand_quantity) <= 0)
union all
select
    shown.customer_id,
    shown.product_id,
    shown.method
from asked as shown
left join recent on shown.product_id = recent.product_id
left join own
    on shown.customer_id = own.customer_id
    and shown.product_id = own.product_id
left join buyers
    on shown.product_id = buyers.product_id
    and case when shown.method = 'alike' then shown.cluster end is not distinct from buyers.cluster
left join resembled
    on shown.customer_id = resembled.customer_id
    and shown.product_id = resembled.product_id
left join bought
    on shown.customer_number = bought.customer_number
    and shown.product_id = bought.product_id
left join {{ ref('int_recommendable_products') }} as products on shown.product_id = products.product_id
left join {{ ref('product_affinities') }} as affinities
    on affinities.item_kind = 'product'
    and shown.context_product_id = affinities.item_id
    and shown.product_id = affinities.other_item_id
where case shown.method
    when 'own' then coalesce(abs(own.basket_share - shown.reason_number) > 0.0001, true)
    when 'again' then coalesce(
        abs(
            (
                coalesce(bought.mean_gap_days, 0) * (bought.purchase_day_count - 1)
                + {{ var('recommendation_gap_prior') }} * products.usual_gap_days
            ) / (bought.purchase_day_count - 1 + {{ var('recommendation_gap_prior') }}) - shown.reason_number
        ) > 0.0001,
        true
    )
    when 'late' then recent.basket_count is distinct from shown.reason_number
    when 'alike' then buyers.customer_count is distinct from shown.reason_number
    when 'popular' then buyers.customer_count is distinct from shown.reason_number
    when 'new' then bought.customer_number is not null or resembled.product_count is distinct from shown.reason_number
    when 'together' then affinities.confidence is distinct from shown.reason_number
end

-- What: nobody who said no to personalisation is recommended anything; nothing that is gone from every shelf is; and the number of a
-- reason is what the data have: baskets counted anew from the orders, shares of baskets and of pairs as they are kept.
-- Why: whoever shows a reason vouches for it, and one recommendation to somebody who said no is one too many.
-- Returns the customers, products and methods that break it.
with refused as (

    select customer_id
    from {{ ref('int_consent_answers') }}
    where answer = 'withdrawn'
        and purpose = 'personalisation'

),

shown as (

    select distinct
        customer_id,
        product_id,
        context_product_id,
        method,
        reason_number
    from {{ ref('customer_recommendations') }}

),

recent as (

    select
        lines.product_id,
        count(distinct lines.order_id) as basket_count
    from {{ ref('order_lines') }} as lines
    inner join {{ ref('int_latest_transactions') }} as purchases
        on lines.order_id = purchases.order_id
        and purchases.is_purchase
        and purchases.transacted_on >= purchases.as_of_date - {{ 10 * var('recommendation_trend_half_life_days') }}
    where lines.quantity > 0
    group by lines.product_id

)

select
    shown.customer_id,
    shown.product_id,
    'withdrawn' as breach
from shown
semi join refused on shown.customer_id = refused.customer_id
union all
select
    shown.customer_id,
    shown.product_id,
    'gone'
from shown
anti join {{ ref('int_recommendable_products') }} as products on shown.product_id = products.product_id
union all
select
    shown.customer_id,
    shown.product_id,
    shown.method
from shown
left join recent on shown.product_id = recent.product_id
left join {{ ref('int_customer_products') }} as bought
    on shown.customer_id = bought.customer_id
    and shown.product_id = bought.product_id
left join {{ ref('product_affinities') }} as affinities
    on affinities.item_kind = 'product'
    and shown.context_product_id = affinities.item_id
    and shown.product_id = affinities.other_item_id
where case shown.method
    when 'late' then recent.basket_count is distinct from shown.reason_number
    when 'own' then bought.basket_share is distinct from shown.reason_number
    when 'together' then affinities.confidence is distinct from shown.reason_number
    when 'again' then bought.customer_id is null
    when 'new' then bought.customer_id is not null
end

-- What a page or a basket is about: the product that a customer looked at last, and what lies in the cart since the last purchase,
-- of the last recommendation_context_days. Who did neither is asked about what they bought last, the likeliest of it.
with browsed as (

    select
        customers.customer_number,
        customers.last_purchase_on,
        events.product_id,
        max(events.occurred_at) as seen_at,
        max(events.occurred_at) filter (where events.event_type = 'cart') as carted_at,
        max(events.occurred_on) filter (where events.event_type = 'cart') as carted_on
    from {{ ref('int_session_events') }} as events
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and events.occurred_on < latest.as_of_date
        and events.occurred_on >= latest.as_of_date - {{ whole_number('recommendation_context_days', 1) }}
    inner join {{ ref('int_personalised_customers') }} as customers on events.customer_id = customers.customer_id
    where events.product_id is not null
    group by customers.customer_number, customers.last_purchase_on, events.product_id

),

bought as (

    select
        customers.customer_number,
        items.product_id,
        row_number() over (
            partition by customers.customer_number
            order by products.product_rank nulls last, products.item_number nulls last
        ) as place
    from {{ ref('int_customer_products') }} as products
    inner join {{ ref('int_personalised_customers') }} as customers
        on products.customer_number = customers.customer_number
        and products.last_purchase_on = customers.last_purchase_on
    inner join {{ ref('int_product_items') }} as items
        on items.item_kind = 'product'
        and products.item_number = items.item_number

),

found as (

    select
        customer_number,
        'product_page' as scene,
        product_id,
        1 as source_rank,
        row_number() over (partition by customer_number order by seen_at desc nulls last, product_id nulls last) as place
    from browsed
    union all
    select
        customer_number,
        'basket',
        product_id,
        1,
        row_number() over (partition by customer_number order by carted_at desc nulls last, product_id nulls last)
    from browsed
    where carted_on is not null
        and coalesce(carted_on > last_purchase_on, true)
    union all
    select
        bought.customer_number,
        scenes.scene,
        bought.product_id,
        2,
        bought.place
    from bought
    cross join (select 'product_page' as scene union all select 'basket') as scenes

),

chosen as (

    select
        found.*,
        min(source_rank) over (partition by customer_number, scene) as best_source_rank
    from found
    where place <= case when scene = 'basket' then {{ whole_number('recommendation_context_items', 1) }} else 1 end

)

select
    chosen.customer_number,
    chosen.scene,
    chosen.product_id,
    items.item_number
from chosen
left join {{ ref('int_affinity_items') }} as items
    on items.item_kind = 'product'
    and chosen.product_id = items.item_id
where chosen.source_rank = chosen.best_source_rank

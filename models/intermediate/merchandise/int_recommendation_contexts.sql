-- What a page or a basket is about: the product that a customer looked at last, and what lies in the cart since the last purchase,
-- of the last recommendation_context_days. Who did neither is asked about what they bought last, the likeliest of it.
with browsed as (

    select
        events.customer_id,
        events.product_id,
        max(events.occurred_at) as seen_at,
        max(events.occurred_at) filter (where events.event_type = 'cart') as carted_at,
        max(events.occurred_on) filter (where events.event_type = 'cart') as carted_on
    from {{ ref('int_session_events') }} as events
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and events.occurred_on < latest.as_of_date
        and events.occurred_on >= latest.as_of_date - {{ whole_number('recommendation_context_days', 1) }}
    where events.customer_id is not null
        and events.product_id is not null
    group by events.customer_id, events.product_id

),

bought as (

    select
        customer_id,
        product_id,
        product_rank,
        last_purchase_on,
        max(last_purchase_on) over (partition by customer_id) as visited_on
    from {{ ref('int_customer_products') }}

),

visits as (

    select distinct customer_id, visited_on from bought

),

found as (

    select
        customer_id,
        'product_page' as scene,
        product_id,
        1 as source_rank,
        row_number() over (partition by customer_id order by seen_at desc nulls last, product_id nulls last) as place
    from browsed
    union all
    select
        browsed.customer_id,
        'basket',
        browsed.product_id,
        1,
        row_number() over (
            partition by browsed.customer_id order by browsed.carted_at desc nulls last, browsed.product_id nulls last
        )
    from browsed
    left join visits on browsed.customer_id = visits.customer_id
    where browsed.carted_on is not null
        and coalesce(browsed.carted_on > visits.visited_on, true)
    union all
    select
        bought.customer_id,
        scenes.scene,
        bought.product_id,
        2,
        row_number() over (
            partition by bought.customer_id, scenes.scene
            order by bought.product_rank nulls last, bought.product_id nulls last
        )
    from bought
    cross join (select 'product_page' as scene union all select 'basket') as scenes
    where bought.last_purchase_on = bought.visited_on

),

chosen as (

    select
        found.*,
        min(source_rank) over (partition by customer_id, scene) as best_source_rank
    from found
    where place <= case when scene = 'basket' then {{ whole_number('recommendation_context_items', 1) }} else 1 end

)

select
    chosen.customer_id,
    chosen.scene,
    chosen.product_id
from chosen
semi join {{ ref('int_personalised_customers') }} as customers on chosen.customer_id = customers.customer_id
where chosen.source_rank = chosen.best_source_rank

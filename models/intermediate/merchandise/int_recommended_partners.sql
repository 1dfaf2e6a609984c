-- What is bought with what a customer looks at, or has in the cart: the best of the lists of several products. What lies there
-- already, and what the customer has just bought, is left out.
with absent as (

    select
        contexts.customer_number,
        contexts.scene,
        contexts.item_number,
        listed.product_number
    from {{ ref('int_recommendation_contexts') }} as contexts
    inner join {{ ref('int_repurchase_rhythms') }} as resting
        on contexts.customer_number = resting.customer_number
        and resting.is_resting
    inner join {{ ref('int_partner_lists') }} as listed
        on contexts.item_number = listed.item_number
        and resting.product_number = listed.product_number
    union
    select
        contexts.customer_number,
        contexts.scene,
        contexts.item_number,
        listed.product_number
    from {{ ref('int_recommendation_contexts') }} as contexts
    inner join {{ ref('int_recommendation_contexts') }} as others
        on contexts.customer_number = others.customer_number
        and contexts.scene = others.scene
    inner join {{ ref('int_partner_lists') }} as listed
        on contexts.item_number = listed.item_number
        and others.item_number = listed.other_item_number

),

candidates as (

    select
        contexts.customer_number,
        contexts.scene,
        listed.*,
        row_number() over (
            partition by contexts.customer_number, contexts.scene, listed.product_number
            order by listed.sorting_score desc nulls last, contexts.item_number nulls last
        ) as context_place
    from {{ ref('int_recommendation_contexts') }} as contexts
    left join (
        select customer_number, scene, item_number, count(*) as absence_count
        from absent
        group by customer_number, scene, item_number
    ) as absences
        on contexts.customer_number = absences.customer_number
        and contexts.scene = absences.scene
        and contexts.item_number = absences.item_number
    inner join {{ ref('int_partner_lists') }} as listed
        on contexts.item_number = listed.item_number
        and listed.needed_absence_count <= coalesce(absences.absence_count, 0)
    anti join absent
        on contexts.customer_number = absent.customer_number
        and contexts.scene = absent.scene
        and contexts.item_number = absent.item_number
        and listed.product_number = absent.product_number

),

diverse as (

    select
        candidates.*,
        {{ category_place('customer_number, scene') }} as category_place
    from candidates
    where context_place = 1

),

ranked as (

    select
        diverse.*,
        {{ page_place('customer_number, scene') }} as recommendation_rank
    from diverse

)

select
    customer_number,
    scene,
    cast(recommendation_rank as bigint) as recommendation_rank,
    product_number,
    item_number as context_item_number,
    score,
    confidence
from ranked
where recommendation_rank <= {{ var('recommendation_max_items') }}

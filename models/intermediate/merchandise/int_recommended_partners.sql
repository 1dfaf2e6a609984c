-- What is bought with what a customer looks at, or has in the cart: beyond what is bought anyway, the best of the partners of
-- several products, twice as many of each as are shown. What lies there already, and what the customer has just bought, is left out.
with partners as (

    select
        contexts.customer_id,
        contexts.scene,
        affinities.other_item_id as product_id,
        contexts.product_id as context_product_id,
        affinities.confidence,
        affinities.confidence * (1 - 1 / affinities.lift) as score,
        row_number() over (
            partition by contexts.customer_id, contexts.scene, affinities.other_item_id
            order by
                {{ round_half_up('affinities.confidence * (1 - 1 / affinities.lift)', 12) }} desc nulls last,
                contexts.product_id nulls last
        ) as context_rank
    from {{ ref('int_recommendation_contexts') }} as contexts
    inner join {{ ref('int_item_affinities') }} as affinities
        on affinities.item_kind = 'product'
        and contexts.product_id = affinities.item_id
        and affinities.affinity_rank <= {{ 2 * var('recommendation_max_items') }}

)

select
    partners.customer_id,
    partners.scene,
    partners.product_id,
    products.category,
    partners.context_product_id,
    partners.confidence,
    partners.score
from partners
inner join {{ ref('int_recommendable_products') }} as products on partners.product_id = products.product_id
anti join {{ ref('int_recommendation_contexts') }} as contexts
    on partners.customer_id = contexts.customer_id
    and partners.scene = contexts.scene
    and partners.product_id = contexts.product_id
anti join (select * from {{ ref('int_repurchase_rhythms') }} where is_resting) as resting
    on partners.customer_id = resting.customer_id
    and partners.product_id = resting.product_id
where partners.context_rank = 1

-- What is shown with a product, whoever looks at it: beyond what is bought anyway, the best of its partners that are to be had, of
-- twice as many as are shown.
with lists as (

    select
        items.item_number,
        others.item_number as other_item_number,
        products.product_number,
        products.category_number,
        affinities.confidence,
        affinities.confidence * (1 - 1 / affinities.lift) as score,
        {{ round_half_up('affinities.confidence * (1 - 1 / affinities.lift)', 12) }} as sorting_score
    from {{ ref('int_item_affinities') }} as affinities
    inner join {{ ref('int_affinity_items') }} as items
        on affinities.item_kind = items.item_kind
        and affinities.item_id = items.item_id
    inner join {{ ref('int_affinity_items') }} as others
        on affinities.item_kind = others.item_kind
        and affinities.other_item_id = others.item_id
    inner join {{ ref('int_recommendable_products') }} as products on affinities.other_item_id = products.product_id
    where affinities.item_kind = 'product'
        and affinities.affinity_rank <= {{ 2 * var('recommendation_max_items') }}

),

placed as (

    select
        lists.*,
        {{ category_place('item_number') }} as category_place,
        row_number() over (
            partition by item_number order by sorting_score desc nulls last, product_number nulls last
        ) as list_place
    from lists

)

select
    item_number,
    other_item_number,
    product_number,
    category_number,
    confidence,
    score,
    sorting_score,
    cast({{ needed_absences('item_number') }} as bigint) as needed_absence_count
from placed

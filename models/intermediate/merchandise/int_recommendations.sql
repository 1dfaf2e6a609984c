-- All that is shown, with the numbers that a reason can tell: whole ones, and per cent. Sentences are made of these, of which a
-- million customers have the same few.
with recommended as (

    select
        customer_number,
        scene,
        recommendation_rank,
        product_number,
        cast(null as bigint) as context_item_number,
        method,
        score,
        cast(reason_number as double) as reason_number,
        due_on
    from {{ ref('int_recommended_products') }}
    union all
    select
        customer_number,
        scene,
        recommendation_rank,
        product_number,
        context_item_number,
        'together',
        score,
        confidence,
        null
    from {{ ref('int_recommended_partners') }}

)

select
    recommended.*,
    {{ round_half_up('reason_number', 0) }} as told_number,
    {{ round_half_up('reason_number * 100', 0) }} as told_percent
from recommended

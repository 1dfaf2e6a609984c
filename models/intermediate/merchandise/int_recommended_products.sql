-- The best of each scene for each customer, no more of one category than recommendation_max_per_category where somebody looks around;
-- whoever buys again wants what is used up, whatever it is. The method is what adds most to the score, and its number the reason.
with candidates as (

    select
        customer_id,
        'home' as scene,
        product_id,
        category,
        score,
        case
            when own_score >= greatest(late_score, alike_score) then 'own'
            when late_score >= alike_score then 'late'
            else 'alike'
        end as method,
        case
            when own_score >= greatest(late_score, alike_score) then basket_share
            when late_score >= alike_score then recent_basket_count
            else customer_count
        end as reason_number,
        due_on,
        cast(null as string) as context_product_id
    from {{ ref('int_recommendation_scores') }}
    union all
    select
        customer_id,
        'buy_again',
        product_id,
        category,
        score,
        'again',
        gap_days,
        due_on,
        null
    from {{ ref('int_recommendation_scores') }}
    where due_on is not null
    union all
    select
        offers.customer_id,
        'home',
        offers.product_id,
        offers.category,
        offers.expected_share * weights.value,
        'new',
        offers.kind_share,
        null,
        null
    from {{ ref('int_new_product_offers') }} as offers
    inner join {{ ref('int_current_parameters') }} as weights
        on weights.model = 'recommendations'
        and weights.parameter = 'alike_weight'
    union all
    select
        customer_id,
        scene,
        product_id,
        category,
        score,
        'together',
        confidence,
        null,
        context_product_id
    from {{ ref('int_recommended_partners') }}

),

diverse as (

    select
        candidates.*,
        row_number() over (
            partition by customer_id, scene, coalesce(category, product_id)
            order by {{ round_half_up('score', 12) }} desc nulls last, product_id nulls last, method nulls last
        ) as category_place
    from candidates

),

ranked as (

    select
        diverse.*,
        row_number() over (
            partition by customer_id, scene
            order by {{ round_half_up('score', 12) }} desc nulls last, product_id nulls last, method nulls last
        ) as recommendation_rank
    from diverse
    where scene = 'buy_again'
        or category_place <= {{ whole_number('recommendation_max_per_category', 1) }}

)

select *
from ranked
where recommendation_rank <= {{ whole_number('recommendation_max_items', 1) }}

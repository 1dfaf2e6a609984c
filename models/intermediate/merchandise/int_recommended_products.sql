-- The best of each scene for each customer. Where somebody looks around, what is of one category beyond the first
-- recommendation_max_per_category comes after everything else; whoever buys again wants what is used up, whatever it is. Lists are told apart by hashes, in half the time. The method is what adds most to the score, and its number the reason.
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
        customer_id,
        'home',
        product_id,
        category,
        score,
        'new',
        kind_share,
        null,
        null
    from {{ ref('int_new_product_offers') }}
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

keyed as (

    select
        candidates.*,
        {{ round_half_up('score', 12) }} as sorting_score,
        {{ hash_64(['customer_id', 'scene']) }} as list_hash,
        {{ hash_64(['customer_id', 'scene', 'coalesce(category, product_id)']) }} as category_hash
    from candidates

),

diverse as (

    select
        keyed.*,
        row_number() over (
            partition by category_hash order by sorting_score desc nulls last, product_id nulls last
        ) as category_place
    from keyed
    where scene <> 'buy_again'
    union all
    select
        keyed.*,
        1
    from keyed
    where scene = 'buy_again'

),

ranked as (

    select
        diverse.*,
        row_number() over (
            partition by list_hash
            order by
                category_place > {{ whole_number('recommendation_max_per_category', 1) }} nulls last,
                sorting_score desc nulls last,
                product_id nulls last
        ) as recommendation_rank
    from diverse

)

select
    customer_id,
    scene,
    cast(recommendation_rank as bigint) as recommendation_rank,
    product_id,
    context_product_id,
    score,
    method,
    reason_number,
    due_on
from ranked
where recommendation_rank <= {{ whole_number('recommendation_max_items', 1) }}

-- The best of home, and of what is bought again, for each customer: a ranking by each of the rows that it may show. Where somebody looks
-- around, what is of one category beyond the first recommendation_max_per_category comes after everything else; whoever buys again
-- wants what is used up, whatever it is. Only what one has bought is due. The method is what adds most to the score, and its number
-- the reason. Each scene is put in order without the columns of the other, since wide rows take longer to sort.
with candidates as (

    select
        customer_number,
        product_number,
        category_number,
        score,
        {{ round_half_up('score', 12) }} as sorting_score,
        basket_share,
        gap_days,
        due_on,
        null as similar_product_count
    from {{ ref('int_recommendation_scores') }}
    union all
    select
        customer_number,
        product_number,
        category_number,
        score,
        {{ round_half_up('score', 12) }},
        null,
        null,
        null,
        similar_product_count
    from {{ ref('int_new_product_offers') }}

),

placed as (

    select
        candidates.*,
        {{ category_place('customer_number') }} as category_place
    from candidates

),

shown as (

    select
        customer_number,
        product_number,
        score,
        basket_share as own_number,
        due_on,
        similar_product_count,
        'home' as scene,
        {{ page_place('customer_number') }} as recommendation_rank
    from placed
    union all
    select
        customer_number,
        product_number,
        score,
        gap_days,
        due_on,
        null,
        'buy_again',
        row_number() over (partition by customer_number order by sorting_score desc nulls last, product_number nulls last)
    from candidates
    where due_on is not null

),

explained as (

    select
        shown.*,
        shares.recent_basket_count,
        shares.customer_count,
        case
            when shown.scene = 'buy_again' then 'again'
            when shown.similar_product_count is not null then 'new'
            when weights.value * shown.own_number >= greatest(shares.late_score, shares.alike_score) then 'own'
            when shares.late_score >= shares.alike_score then 'late'
            when shares.is_everybody then 'popular'
            else 'alike'
        end as method
    from shown
    inner join {{ ref('int_personalised_customers') }} as customers on shown.customer_number = customers.customer_number
    inner join {{ ref('int_current_parameters') }} as weights
        on weights.model = 'recommendations'
        and weights.parameter = 'own_weight'
    left join {{ ref('int_cluster_products') }} as shares
        on customers.cluster = shares.cluster
        and shown.product_number = shares.product_number
    where shown.recommendation_rank <= {{ whole_number('recommendation_max_items', 1) }}

)

select
    customer_number,
    scene,
    cast(recommendation_rank as bigint) as recommendation_rank,
    product_number,
    score,
    method,
    case method
        when 'again' then own_number
        when 'own' then own_number
        when 'late' then recent_basket_count
        when 'new' then similar_product_count
        else customer_count
    end as reason_number,
    due_on
from explained

-- What to show to whom, with the reason in words: its number is a column, and lies in the data that the method names.
with recommended as (

    select
        customer_number,
        scene,
        recommendation_rank,
        product_number,
        cast(null as string) as context_product_id,
        method,
        score,
        reason_number,
        due_on
    from {{ ref('int_recommended_products') }}
    union all
    select
        customer_number,
        scene,
        recommendation_rank,
        product_number,
        context_product_id,
        'together',
        score,
        confidence,
        null
    from {{ ref('int_recommended_partners') }}

)

select
    customers.customer_id,
    recommended.scene,
    recommended.recommendation_rank,

    recommendable.product_id,
    recommended.context_product_id,
    recommended.method,
    replace(
        {{ say_number('reasons.reason_en', 'recommended.reason_number') }},
        '{item}',
        coalesce(contexts.product_name, contexts.source_product_id, '')
    ) as reason_en,
    replace(
        {{ say_number('reasons.reason_zh', 'recommended.reason_number') }},
        '{item}',
        coalesce(contexts.product_name, contexts.source_product_id, '')
    ) as reason_zh,

    recommended.score,
    cast(recommended.reason_number as double) as reason_number,

    recommended.due_on,
    latest.as_of_date
from recommended
inner join {{ ref('int_personalised_customers') }} as customers
    on recommended.customer_number = customers.customer_number
inner join {{ ref('int_recommendable_products') }} as recommendable
    on recommended.product_number = recommendable.product_number
inner join {{ ref('recommendation_reasons') }} as reasons on recommended.method = reasons.method
left join {{ ref('products') }} as contexts on recommended.context_product_id = contexts.product_id
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest

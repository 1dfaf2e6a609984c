-- What to show to whom, with the reason in words: its number is a column, and lies in the data that the method names. All that is
-- told the same number of the same product is told by one sentence. Each number has one, as the audit sees: a left join, since of an inner one by four
-- columns engines expect next to nothing, and would look all recommendations up by customer instead of the other way round.
with numbers as (

    select
        method,
        context_item_number,
        told_number,
        told_percent,
        min(reason_number) as reason_number
    from {{ ref('int_recommendations') }}
    group by method, context_item_number, told_number, told_percent

),

sentences as (

    select
        numbers.method,
        numbers.context_item_number,
        numbers.told_number,
        numbers.told_percent,
        items.item_id as context_product_id,
        replace(
            {{ say_number('reasons.reason_en', 'numbers.reason_number') }},
            '{item}',
            coalesce(products.product_name, products.source_product_id, '')
        ) as reason_en,
        replace(
            {{ say_number('reasons.reason_zh', 'numbers.reason_number') }},
            '{item}',
            coalesce(products.product_name, products.source_product_id, '')
        ) as reason_zh
    from numbers
    inner join {{ ref('recommendation_reasons') }} as reasons on numbers.method = reasons.method
    left join {{ ref('int_affinity_items') }} as items
        on items.item_kind = 'product'
        and numbers.context_item_number = items.item_number
    left join {{ ref('products') }} as products on items.item_id = products.product_id

)

select
    customers.customer_id,
    recommended.scene,
    recommended.recommendation_rank,

    recommendable.product_id,
    sentences.context_product_id,
    recommended.method,
    sentences.reason_en,
    sentences.reason_zh,

    recommended.score,
    recommended.reason_number,

    recommended.due_on,
    latest.as_of_date
from {{ ref('int_recommendations') }} as recommended
left join sentences
    on recommended.method = sentences.method
    and recommended.context_item_number is not distinct from sentences.context_item_number
    and recommended.told_number = sentences.told_number
    and recommended.told_percent = sentences.told_percent
inner join {{ ref('int_personalised_customers') }} as customers
    on recommended.customer_number = customers.customer_number
inner join {{ ref('int_recommendable_products') }} as recommendable
    on recommended.product_number = recommendable.product_number
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest

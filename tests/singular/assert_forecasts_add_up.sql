-- What: the products of a category are expected to sell together what the category is, and the stores of a product what it is.
-- Why: who plans by stores and who plans by categories must have the same shop in mind.
-- A category without products, or a product without stores, has parts of nothing; what hardly ever sells (…) has no stores.
-- Returns a row for each category, or product, and week in which they differ by more than a millionth.
with parts as (

    select
        category,
        case when demand_level = 'product_store' then product_id else '' end as product_id,
        week_on,
        sum(cast(expected_quantity as decimal(28,12))) as expected_quantity
    from {{ ref('demand_forecast') }}
    where demand_level <> 'category'
    group by category, case when demand_level = 'product_store' then product_id else '' end, week_on

),

wholes as (

    select
        category,
        product_id,
        week_on,
        expected_quantity
    from {{ ref('demand_forecast') }}
    where demand_level <> 'product_store'
        and product_id <> '…'

)

select
    coalesce(wholes.category, parts.category) as category,
    coalesce(wholes.product_id, parts.product_id) as product_id,
    coalesce(wholes.week_on, parts.week_on) as week_on,
    parts.expected_quantity,
    wholes.expected_quantity as whole_quantity
from wholes
full join parts
    on wholes.category = parts.category
    and wholes.product_id = parts.product_id
    and wholes.week_on = parts.week_on
where wholes.expected_quantity is null
    or abs(coalesce(cast(parts.expected_quantity as double), 0) - wholes.expected_quantity) > 1e-6 * (1 + wholes.expected_quantity)

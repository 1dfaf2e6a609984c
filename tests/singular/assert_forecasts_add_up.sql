-- What: the products of a category are expected to sell together what the category is, and the stores of a product what it is.
-- Why: who plans by stores and who plans by categories must have the same shop in mind.
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

)

select
    parts.category,
    parts.product_id,
    parts.week_on,
    parts.expected_quantity,
    wholes.expected_quantity as whole_quantity
from parts
left join {{ ref('demand_forecast') }} as wholes
    on parts.category = wholes.category
    and parts.product_id = wholes.product_id
    and parts.week_on = wholes.week_on
    and wholes.store_id = ''
where wholes.expected_quantity is null
    or abs(cast(parts.expected_quantity as double) - wholes.expected_quantity) > 1e-6 * (1 + wholes.expected_quantity)

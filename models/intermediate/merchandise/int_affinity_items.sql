-- Which items are bought often enough, and by enough people, to be found together: pruned before any pair is made, since
-- what is in fewer baskets than a pair must be can be in no such pair. A number stands for each, by which millions of pairs
-- are counted in a quarter of the memory.
with recent as (

    select items.*
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and items.ordered_on >= latest.as_of_date - {{ whole_number('affinity_days', 1) }}
    where items.basket_item_count <= {{ whole_number('affinity_max_basket_items', 2) }}

),

totals as (

    select
        item_kind,
        count(distinct order_id) as all_basket_count
    from recent
    group by item_kind

),

counted as (

    select
        item_kind,
        item_id,
        count(*) as basket_count,
        count(distinct coalesce(customer_id, order_id)) as customer_count
    from recent
    group by item_kind, item_id

)

select
    counted.item_kind,
    counted.item_id,
    counted.basket_count,
    totals.all_basket_count,
    cast(
        row_number() over (partition by counted.item_kind order by counted.item_id nulls last) as bigint
    ) as item_number
from counted
inner join totals on counted.item_kind = totals.item_kind
where counted.basket_count >= {{ whole_number('affinity_min_baskets', 1) }}
    and counted.customer_count >= {{ whole_number('affinity_min_customers', 1) }}

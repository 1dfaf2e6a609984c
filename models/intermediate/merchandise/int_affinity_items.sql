-- Which items are bought often enough, and by enough people, to be found together: pruned before any pair is made, since
-- what is in fewer baskets than a pair must be can be in no such pair.
with recent as (

    select
        items.item_kind,
        items.item_number,
        items.order_number,
        coalesce(items.customer_number, -items.order_number) as buyer_number
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_learnt_until') }} as learnt
        on items.ordered_on > learnt.learnt_until - {{ whole_number('affinity_days', 1) }}
        and items.ordered_on <= learnt.learnt_until
    where items.basket_item_count <= {{ whole_number('affinity_max_basket_items', 2) }}

),

totals as (

    select
        item_kind,
        count(distinct order_number) as all_basket_count
    from recent
    group by item_kind

),

counted as (

    select
        item_kind,
        item_number,
        count(*) as basket_count,
        count(distinct buyer_number) as customer_count
    from recent
    group by item_kind, item_number

)

select
    counted.item_kind,
    names.item_id,
    counted.item_number,
    counted.basket_count,
    totals.all_basket_count
from counted
inner join totals on counted.item_kind = totals.item_kind
inner join (select distinct item_number, item_id from {{ ref('int_product_items') }}) as names
    on counted.item_number = names.item_number
where counted.basket_count >= {{ whole_number('affinity_min_baskets', 1) }}
    and counted.customer_count >= {{ whole_number('affinity_min_customers', 1) }}

-- How often two items are in one basket, each pair once: the item of the lower number first. Baskets are joined with
-- themselves, so that pairs grow with baskets and never with the catalogue; a wholesaler's order, whose pairs grow with
-- the square of its length, is left out (affinity_max_basket_items). A pair that one customer alone likes is no finding;
-- customers are counted of the pairs that are frequent enough alone, since who bought each of all pairs fills the memory.
with baskets as (

    select
        items.item_kind,
        {{ hash_64(['items.order_id']) }} as order_hash,
        counted.item_number,
        {{ hash_64(['coalesce(items.customer_id, items.order_id)']) }} as customer_hash
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and items.ordered_on >= latest.as_of_date - {{ var('affinity_days') }}
    inner join {{ ref('int_affinity_items') }} as counted
        on items.item_kind = counted.item_kind
        and items.item_id = counted.item_id
    where items.basket_item_count between 2 and {{ var('affinity_max_basket_items') }}

),

frequent as (

    select
        one.item_kind,
        one.item_number,
        other.item_number as other_item_number
    from baskets as one
    inner join baskets as other
        on one.item_kind = other.item_kind
        and one.order_hash = other.order_hash
        and one.item_number < other.item_number
    group by one.item_kind, one.item_number, other.item_number
    having count(*) >= {{ var('affinity_min_baskets') }}

)

select
    one.item_kind,
    one.item_number,
    other.item_number as other_item_number,
    count(*) as basket_count,
    count(distinct one.customer_hash) as customer_count
from baskets as one
inner join baskets as other
    on one.item_kind = other.item_kind
    and one.order_hash = other.order_hash
    and one.item_number < other.item_number
semi join frequent
    on one.item_kind = frequent.item_kind
    and one.item_number = frequent.item_number
    and other.item_number = frequent.other_item_number
group by one.item_kind, one.item_number, other.item_number
having count(distinct one.customer_hash) >= {{ var('affinity_min_customers') }}

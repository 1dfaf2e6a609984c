-- How often two items are in one basket, each pair once: the item of the lower number first. Baskets are joined with
-- themselves, so that pairs grow with baskets and never with the catalogue; a wholesaler's order, whose pairs grow with
-- the square of its length, is left out (affinity_max_basket_items). A pair that one customer alone likes is no finding;
-- customers are counted of the pairs that are frequent enough alone, since who bought each of all pairs fills the memory.
with baskets as (

    select
        items.item_kind,
        items.order_number,
        items.item_number,
        coalesce(items.customer_number, -items.order_number) as buyer_number
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_learnt_until') }} as learnt
        on items.ordered_on > learnt.learnt_until - {{ var('affinity_days') }}
        and items.ordered_on <= learnt.learnt_until
    semi join {{ ref('int_affinity_items') }} as counted on items.item_number = counted.item_number
    where items.basket_item_count between 2 and {{ var('affinity_max_basket_items') }}

),

frequent as (

    select
        one.item_number,
        other.item_number as other_item_number
    from baskets as one
    inner join baskets as other
        on one.item_kind = other.item_kind
        and one.order_number = other.order_number
        and one.item_number < other.item_number
    group by one.item_number, other.item_number
    having count(*) >= {{ var('affinity_min_baskets') }}

),

bought as (

    select
        one.item_number,
        other.item_number as other_item_number,
        count(*) as basket_count
    from baskets as one
    inner join baskets as other
        on one.item_kind = other.item_kind
        and one.order_number = other.order_number
        and one.item_number < other.item_number
    semi join frequent
        on one.item_number = frequent.item_number
        and other.item_number = frequent.other_item_number
    group by one.item_number, other.item_number, one.buyer_number

)

select
    item_number,
    other_item_number,
    cast(sum(basket_count) as bigint) as basket_count,
    count(*) as customer_count
from bought
group by item_number, other_item_number
having count(*) >= {{ var('affinity_min_customers') }}

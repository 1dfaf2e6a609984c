-- How many customers went from one item to another, and how many back; and what follows an item, and goes before one, in
-- all, from which chance is reckoned. Of all pairs few are frequent: the way back is looked up for these alone.
with counted as (

    select
        item_number,
        next_item_number,
        count(*) as customer_count
    from {{ ref('int_item_successions') }}
    group by item_number, next_item_number

),

left_behind as (

    select
        items.item_kind,
        totals.item_number,
        totals.from_count,
        cast(sum(totals.from_count) over (partition by items.item_kind) as bigint) as all_count
    from (
        select item_number, cast(sum(customer_count) as bigint) as from_count from counted group by item_number
    ) as totals
    inner join (select distinct item_kind, item_number from {{ ref('int_product_items') }}) as items
        on totals.item_number = items.item_number

),

reached as (

    select
        next_item_number,
        cast(sum(customer_count) as bigint) as to_count
    from counted
    group by next_item_number

),

frequent as (

    select *
    from counted
    where customer_count >= {{ var('sequence_min_customers') }}

),

back as (

    select counted.*
    from counted
    semi join frequent
        on counted.item_number = frequent.next_item_number
        and counted.next_item_number = frequent.item_number

)

select
    left_behind.item_kind,
    frequent.item_number,
    frequent.next_item_number,
    frequent.customer_count,
    coalesce(back.customer_count, 0) as back_customer_count,
    left_behind.from_count,
    reached.to_count,
    left_behind.all_count
from frequent
left join back
    on frequent.item_number = back.next_item_number
    and frequent.next_item_number = back.item_number
inner join left_behind on frequent.item_number = left_behind.item_number
inner join reached on frequent.next_item_number = reached.next_item_number

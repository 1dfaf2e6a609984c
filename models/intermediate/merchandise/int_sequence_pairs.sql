-- How many customers went from one item to another, and how many back; and what follows an item, and goes before one, in
-- all, from which chance is reckoned.
with counted as (

    select
        item_kind,
        item_number,
        next_item_number,
        count(*) as customer_count
    from {{ ref('int_item_successions') }}
    group by item_kind, item_number, next_item_number

),

left_behind as (

    select
        item_kind,
        item_number,
        cast(sum(customer_count) as bigint) as from_count,
        cast(sum(sum(customer_count)) over (partition by item_kind) as bigint) as all_count
    from counted
    group by item_kind, item_number

),

reached as (

    select
        next_item_number,
        cast(sum(customer_count) as bigint) as to_count
    from counted
    group by next_item_number

)

select
    counted.item_kind,
    counted.item_number,
    counted.next_item_number,
    counted.customer_count,
    coalesce(back.customer_count, 0) as back_customer_count,
    left_behind.from_count,
    reached.to_count,
    left_behind.all_count
from counted
left join counted as back
    on counted.item_number = back.next_item_number
    and counted.next_item_number = back.item_number
inner join left_behind on counted.item_number = left_behind.item_number
inner join reached on counted.next_item_number = reached.next_item_number
where counted.customer_count >= {{ var('sequence_min_customers') }}

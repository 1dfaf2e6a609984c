-- How many customers went from one item to another, and how many back. Both are counted in one pass, by the pair whichever
-- way it was gone; and what follows an item, and goes before one, in all, from which chance is reckoned.
with counted as (

    select
        item_kind,
        least(item_id, next_item_id) as low_item_id,
        greatest(item_id, next_item_id) as high_item_id,
        count(*) filter (where item_id < next_item_id) as up_count,
        count(*) filter (where item_id > next_item_id) as down_count
    from {{ ref('int_item_successions') }}
    group by item_kind, least(item_id, next_item_id), greatest(item_id, next_item_id)

),

directions as (

    select true as is_up
    union all
    select false

),

directed as (

    select
        counted.item_kind,
        case when directions.is_up then counted.low_item_id else counted.high_item_id end as item_id,
        case when directions.is_up then counted.high_item_id else counted.low_item_id end as next_item_id,
        case when directions.is_up then counted.up_count else counted.down_count end as customer_count,
        case when directions.is_up then counted.down_count else counted.up_count end as back_customer_count
    from counted
    cross join directions

),

totalled as (

    select
        directed.*,
        cast(sum(customer_count) over (partition by item_kind, item_id) as bigint) as from_count,
        cast(sum(customer_count) over (partition by item_kind, next_item_id) as bigint) as to_count,
        cast(sum(customer_count) over (partition by item_kind) as bigint) as all_count
    from directed

)

select totalled.*
from totalled
where customer_count >= {{ var('sequence_min_customers') }}

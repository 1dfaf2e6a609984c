-- When each customer first bought an item, in the months that are over, and on which of the days with something new that was. Whoever
-- buys weekly has bought everything after everything; what was first bought after what tells an order.
with first_bought as (

    select
        items.item_kind,
        items.customer_number,
        items.item_number,
        min(items.ordered_on) as adopted_on
    from {{ ref('int_basket_items') }} as items
    inner join {{ ref('int_learnt_until') }} as learnt on items.ordered_on <= learnt.learnt_until
    where items.customer_number is not null
        and items.basket_item_count <= {{ var('affinity_max_basket_items') }}
    group by items.item_kind, items.customer_number, items.item_number

),

popular as (

    select item_number
    from first_bought
    group by item_number
    having count(*) >= {{ whole_number('sequence_min_customers', 1) }}

)

select
    first_bought.item_kind,
    first_bought.customer_number,
    first_bought.item_number,
    first_bought.adopted_on,
    cast(
        dense_rank() over (partition by first_bought.item_kind, first_bought.customer_number order by first_bought.adopted_on nulls last) as bigint
    ) as adoption_step
from first_bought
semi join popular on first_bought.item_number = popular.item_number

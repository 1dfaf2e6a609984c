-- What purchases and statements say of their customers, by number and by name, and the days of analysis on which it counts: from the first
-- one after it began until the first one after it ended, or left the window. What lies before or after all of them is left
-- out, and what lies between two begins and ends on one. Where only some months are
-- made, it is told of their days of analysis alone, and all that began before counts from the first of them.
with bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

told as (

    {%- for family in ['int_purchase_traits', 'int_voice_traits'] %}
    select customer_number, item_number, source_system, amount, whole_amount, counted_from, counted_until
    from {{ ref(family) }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}

)

select
    told.customer_number,
    told.item_number,
    items.whole_number,
    items.trait,
    items.item,
    told.source_system,
    told.amount,
    told.whole_amount,
    {{ first_as_of_after('told.counted_from', 'bounds') }} as valid_from,
    case when told.counted_until < bounds.latest_as_of then {{ first_as_of_after('told.counted_until', 'bounds') }} end as valid_to
from told
inner join {{ ref('int_trait_items') }} as items on told.item_number = items.item_number
cross join bounds
where told.counted_from < bounds.latest_as_of
    and told.counted_until >= bounds.first_as_of

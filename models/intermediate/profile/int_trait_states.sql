-- What purchases and statements say of their customers, by number and by name, with the days of analysis on which it counts.
with told as (

    {%- for family in ['int_purchase_traits', 'int_voice_traits'] %}
    select customer_number, item_number, source_system, amount, whole_amount, valid_from, valid_to
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
    told.valid_from,
    told.valid_to
from told
inner join {{ ref('int_trait_items') }} as items on told.item_number = items.item_number

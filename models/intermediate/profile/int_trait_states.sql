-- What each purchase and each statement says of its customer, with the days of analysis on which it counts: from the first one after it
-- until the first one after it left the window, or was no purchase any more. What counts on the same days is added up, with the squares of
-- what is averaged.
with bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

traits as (

    {%- for family in ['int_purchase_traits', 'int_voice_traits'] %}
    select customer_number, item_number, source_system, amount, whole_amount, counted_from, counted_until
    from {{ ref(family) }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}

),

dated as (

    select
        traits.customer_number,
        traits.item_number,
        traits.source_system,
        traits.amount,
        traits.whole_amount,
        {{ first_as_of_after('traits.counted_from', 'bounds') }} as valid_from,
        case when traits.counted_until < bounds.latest_as_of then {{ first_as_of_after('traits.counted_until', 'bounds') }} end as valid_to
    from traits
    inner join bounds on traits.counted_from < bounds.latest_as_of

),

summed as (

    select
        customer_number,
        item_number,
        source_system,
        valid_from,
        valid_to,
        sum(amount) as amount,
        sum(whole_amount) as whole_amount,
        sum(amount * amount) as squares
    from dated
    where valid_to > valid_from
        or valid_to is null
    group by customer_number, item_number, source_system, valid_from, valid_to

)

select
    summed.customer_number,
    summed.item_number,
    items.whole_number,
    items.trait,
    items.item,
    summed.source_system,
    summed.valid_from,
    summed.valid_to,
    cast(summed.amount as decimal(18,2)) as amount,
    cast(summed.whole_amount as decimal(18,2)) as whole_amount,
    cast(case when items.item = 'mean' then summed.squares else 0 end as decimal(38,4)) as squares
from summed
inner join {{ ref('int_trait_items') }} as items on summed.item_number = items.item_number

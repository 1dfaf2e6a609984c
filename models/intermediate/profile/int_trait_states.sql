-- What each purchase and each statement says of its customer, with the days of analysis on which it counts: from the first one after it
-- until the first one after it left the window, or was no purchase any more. What counts on the same days is added up, with the squares of
-- what is averaged. Only what a rule asks of is kept.
with asked as (

    select distinct figure
    from {{ ref('tag_rules') }}

),

bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

traits as (

    {%- for family in ['int_purchase_traits', 'int_voice_traits'] %}
    select customer_id, trait, item, source_system, amount, whole_amount, counted_from, counted_until
    from {{ ref(family) }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}

),

dated as (

    select
        traits.customer_id,
        traits.trait,
        traits.item,
        traits.source_system,
        traits.amount,
        traits.whole_amount,
        {{ first_as_of_after('traits.counted_from', 'bounds') }} as valid_from,
        case when traits.counted_until < bounds.latest_as_of then {{ first_as_of_after('traits.counted_until', 'bounds') }} end as valid_to
    from traits
    inner join asked on traits.trait = asked.figure
    inner join bounds on traits.counted_from < bounds.latest_as_of

)

select
    customer_id,
    trait,
    item,
    source_system,
    valid_from,
    valid_to,
    cast(sum(amount) as decimal(18,2)) as amount,
    cast(sum(whole_amount) as decimal(18,2)) as whole_amount,
    cast(sum(case when item = 'mean' then amount * amount else 0 end) as decimal(38,4)) as squares
from dated
where valid_to > valid_from
    or valid_to is null
group by customer_id, trait, item, source_system, valid_from, valid_to

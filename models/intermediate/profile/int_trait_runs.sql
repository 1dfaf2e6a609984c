-- How much of each trait stood in a customer's window, from one day of analysis on which it changed to the next. A purchase or a statement
-- comes into the window on the first day of analysis after it, and leaves it on a later one: summed up by customer, trait and item these
-- changes are few, and their running sum is what stands on each day, without asking of each purchase on each day. Only what a rule asks of
-- is counted.
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
        case when signs.sign = 1 then traits.counted_from else traits.counted_until end as changed_after,
        signs.sign * traits.amount as amount,
        signs.sign * traits.whole_amount as whole_amount
    from traits
    inner join asked on traits.trait = asked.figure
    cross join (select 1 as sign union all select -1 as sign) as signs

),

changed as (

    select
        dated.*,
        {{ first_as_of_after('dated.changed_after', 'bounds') }} as changed_on
    from dated
    inner join bounds on dated.changed_after < bounds.latest_as_of

),

summed as (

    select
        customer_id,
        trait,
        item,
        source_system,
        changed_on,
        sum(amount) as amount,
        sum(whole_amount) as whole_amount
    from changed
    group by customer_id, trait, item, source_system, changed_on

),

running as (

    select
        customer_id,
        trait,
        item,
        source_system,
        changed_on as valid_from,
        lead(changed_on) over by_day as valid_to,
        cast(sum(amount) over by_day as decimal(18,2)) as amount,
        cast(sum(whole_amount) over by_day as decimal(18,2)) as whole_amount
    from summed
    window by_day as (partition by customer_id, trait, item, source_system order by changed_on nulls last)

)

select *
from running
where amount > 0
    or whole_amount > 0

-- How much of each trait stood in a customer's window, and in everybody's together, from one day of analysis on which it changed to the
-- next. A purchase comes into the window and leaves it: summed up by customer, trait and item these changes are few, and their running sum is
-- what stands on each day, without asking of each purchase on each day. Of the many who never do enough for any rule nothing is kept but
-- their part of everybody's.
with asked as (

    select figure, min(least_evidence) as least_evidence
    from {{ ref('tag_rules') }}
    group by figure

),

enough as (

    select states.customer_id, states.trait
    from {{ ref('int_trait_states') }} as states
    inner join asked on states.trait = asked.figure
    group by states.customer_id, states.trait
    having sum(states.whole_amount) >= max(asked.least_evidence)

),

changed as (

    select
        enough.customer_id,
        states.trait,
        states.item,
        case when signs.sign = 1 then states.valid_from else states.valid_to end as valid_from,
        signs.sign * states.amount as amount,
        signs.sign * states.whole_amount as whole_amount,
        signs.sign * states.squares as squares
    from {{ ref('int_trait_states') }} as states
    inner join (select 1 as sign union all select -1 as sign) as signs on signs.sign = 1 or states.valid_to is not null
    left join enough on states.customer_id = enough.customer_id and states.trait = enough.trait

),

summed as (

    select
        customer_id,
        trait,
        item,
        valid_from,
        grouping(customer_id) = 1 as is_everybody,
        grouping(item) = 1 as is_whole,
        sum(amount) as amount,
        sum(whole_amount) as whole_amount,
        case when grouping(customer_id) = 1 then sum(squares) end as squares
    from changed
    group by grouping sets (
        (customer_id, trait, item, valid_from), (customer_id, trait, valid_from), (trait, item, valid_from), (trait, valid_from)
    )

),

running as (

    select
        customer_id,
        trait,
        item,
        valid_from,
        lead(valid_from) over by_day as valid_to,
        cast(sum(amount) over by_day as decimal(18,2)) as amount,
        cast(sum(whole_amount) over by_day as decimal(18,2)) as whole_amount,
        cast(sum(squares) over by_day as decimal(38,4)) as squares
    from summed
    where (customer_id is not null or is_everybody)
        and (item is not null or is_whole)
    window by_day as (partition by customer_id, trait, item order by valid_from nulls last)

)

select *
from running
where amount > 0
    or whole_amount > 0

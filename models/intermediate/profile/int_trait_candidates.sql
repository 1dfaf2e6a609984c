-- Whose traits may ever meet a rule: those who, in all of history, did what the rule asks for at least. Where the rule asks how far an
-- index lies above everybody's for certain, it is looked at what that would be at best: had all that they ever did with the item been
-- done in one window of the least evidence, in the month in which the item was rarest. Most customers are so told by few items, and by
-- most items nobody is told.
with rarest as (

    select item_number, min(share) as share
    from {{ ref('int_everybody_traits') }}
    group by item_number

),

asked as (

    select
        items.item_number,
        items.whole_number,
        cast(rules.least_evidence as double) as least_evidence,
        case when rules.measure = 'index_low' and rules.comparison = 'at_least' and items.item <> 'mean'
            then rules.threshold * rarest.share
            else 0
        end as least_share
    from {{ ref('tag_rules') }} as rules
    inner join {{ ref('int_trait_items') }} as items
        on rules.figure = items.trait
        and (rules.item = items.item or (rules.item is null and items.item is not null))
    inner join rarest on items.item_number = rarest.item_number

),

-- Most customers did too little for any rule of a trait, and are not asked about its items.
wholes as (

    select customer_number, whole_number, cast(sum(whole_amount) as double) as whole_amount
    from {{ ref('int_trait_states') }}
    where whole_amount > 0
    group by customer_number, whole_number

),

known as (

    select wholes.*
    from wholes
    inner join (select whole_number, min(least_evidence) as least_evidence from asked group by whole_number) as least
        on wholes.whole_number = least.whole_number
        and wholes.whole_amount >= least.least_evidence

),

done as (

    select
        states.customer_number,
        states.item_number,
        states.whole_number,
        known.whole_amount,
        cast(sum(states.amount) as double) as amount
    from {{ ref('int_trait_states') }} as states
    inner join known
        on states.customer_number = known.customer_number
        and states.whole_number = known.whole_number
    group by states.customer_number, states.item_number, states.whole_number, known.whole_amount

)

select distinct
    done.customer_number,
    done.item_number,
    done.whole_number
from done
inner join asked
    on done.item_number = asked.item_number
    and done.whole_amount >= asked.least_evidence
where asked.least_share = 0
    or {{ wilson_bound('least(1, done.amount / nullif(asked.least_evidence, 0))', 'greatest(done.amount, asked.least_evidence)', '-') }} + 0.000001
        >= asked.least_share

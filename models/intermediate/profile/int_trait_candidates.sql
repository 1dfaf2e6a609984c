-- Whose traits may ever meet a rule: those who, in all of history, did what the rule asks for at least. Where the rule asks how far an
-- index lies above everybody's for certain, it is looked at what that would be at best: had all that they ever did with the item been
-- done in one window of the least evidence, in the month in which the item was rarest. Most customers are so told by few items, and by
-- most items nobody is told.
with wholes as (

    select customer_number, whole_number, cast(sum(whole_amount) as double) as whole_amount
    from {{ ref('int_trait_states') }}
    where whole_amount > 0
    group by customer_number, whole_number

),

-- Most customers did too little for any rule of a trait, and are not asked about its items.
known as (

    select wholes.*
    from wholes
    inner join (
        select told_whole_number, min(least_evidence) as least_evidence
        from {{ ref('int_tag_ways') }}
        where item_number is not null
        group by told_whole_number
    ) as least
        on wholes.whole_number = least.told_whole_number
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
inner join {{ ref('int_tag_ways') }} as ways
    on done.item_number = ways.item_number
    and done.whole_amount >= ways.least_evidence
    and (ways.least_amount is null or done.amount >= ways.least_amount)
where ways.least_share = 0
    or {{ wilson_bound('least(1, done.amount / nullif(ways.least_evidence, 0))', 'greatest(done.amount, ways.least_evidence)', '-') }} + 0.000001
        >= ways.least_share

-- Whose traits may ever meet a rule: those who once did what it asks for within the window, and in all of history often enough with the
-- item. Where the rule asks how far an index lies above everybody's for certain, it is looked at what that would be at best: had all that they ever did with the item been
-- done in one window of the least evidence, in the month in which the item was rarest. Most customers are so told by few items, and by
-- most items nobody is told.
with wholes as (

    select customer_number, whole_number, cast(max(whole_amount) as double) as whole_amount
    from {{ ref('int_trait_wholes') }}
    group by customer_number, whole_number

),

done as (

    select
        states.customer_number, states.item_number, states.whole_number, wholes.whole_amount,
        cast(sum(states.amount) as double) as amount
    from {{ ref('int_trait_states') }} as states
    inner join wholes
        on states.customer_number = wholes.customer_number
        and states.whole_number = wholes.whole_number
    group by states.customer_number, states.item_number, states.whole_number, wholes.whole_amount

)

select distinct done.customer_number, done.item_number, done.whole_number
from done
inner join {{ ref('int_tag_ways') }} as ways
    on done.item_number = ways.item_number
    and done.whole_amount >= ways.least_evidence
    and (ways.least_amount is null or done.amount >= ways.least_amount)
where ways.least_share = 0
    or {{ wilson_bound('least(1, done.amount / nullif(ways.least_evidence, 0))', 'greatest(done.amount, ways.least_evidence)', '-') }} + 0.000001
        >= ways.least_share

-- Whose traits may meet a rule on any day: those who once did what it asks for within the window, and altogether often enough with the
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
        sums.customer_number, sums.item_number, sums.whole_number, wholes.whole_amount,
        cast(sum(sums.amount) as double) as amount
    from {{ ref('int_trait_sums') }} as sums
    inner join wholes
        on sums.customer_number = wholes.customer_number
        and sums.whole_number = wholes.whole_number
    group by sums.customer_number, sums.item_number, sums.whole_number, wholes.whole_amount

),

-- How far an index lies above everybody's for certain is asked of no smaller share than when the item was rarest.
ways as (

    select
        ways.item_number, ways.least_evidence, ways.least_amount,
        case when ways.measure = 'index_low' and ways.comparison = 'at_least' and ways.item <> 'mean' then ways.threshold * rarest.share else 0 end
            as least_share
    from {{ ref('int_tag_ways') }} as ways
    left join (
        select item_number, min(share) as share
        from {{ ref('int_everybody_traits') }}
        group by item_number
    ) as rarest on ways.item_number = rarest.item_number

)

select distinct done.customer_number, done.item_number, done.whole_number
from done
inner join ways
    on done.item_number = ways.item_number
    and done.whole_amount >= ways.least_evidence
    and (ways.least_amount is null or done.amount >= ways.least_amount)
where ways.least_share = 0
    or {{ wilson_bound('least(1, done.amount / nullif(ways.least_evidence, 0))', 'greatest(done.amount, ways.least_evidence)', '-') }} + 0.000001
        >= ways.least_share

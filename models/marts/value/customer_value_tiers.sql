-- Customers from the greatest spender down: who makes the first half of all spend, who makes it 80
-- %, and so on by the seed value_tiers. The tier goes by the share of spend that those who spend
-- more make, so that the one who crosses a limit is still in the better tier, and equal spenders
-- share theirs. Shares are counted over distinct amounts: they can't tell equal spenders apart.
with ranges as (

    select
        tiers.*,
        lead(spend_share_before) over (order by spend_share_before nulls last, tier nulls last)
            as next_spend_share_before
    from {{ ref('value_tiers') }} as tiers

),

spenders as (

    select
        customer_id,
        as_of_date,
        spend_amount
    from {{ ref('int_rfm_scores') }}
    where is_latest
        and spend_amount > 0

),

amounts as (

    select
        spend_amount,
        count(*) as customer_count,
        cast(sum(spend_amount) as decimal(18,2)) as amount
    from spenders
    group by spend_amount

),

running as (

    select
        spend_amount,
        customer_count,
        amount,
        sum(customer_count) over from_the_top as customers_so_far,
        cast(sum(amount) over from_the_top as decimal(18,2)) as amount_so_far,
        sum(customer_count) over () as customers_in_all,
        cast(sum(amount) over () as decimal(18,2)) as amount_in_all
    from amounts
    window from_the_top as (order by spend_amount desc nulls last)

),

tiered as (

    select
        running.*,
        ranges.tier,
        ranges.tier_name_en,
        ranges.tier_name_zh
    from running
    left join ranges
        on running.amount_so_far - running.amount >= ranges.spend_share_before * running.amount_in_all
        and (
            running.amount_so_far - running.amount
            < ranges.next_spend_share_before * running.amount_in_all
            or ranges.next_spend_share_before is null
        )

)

select
    spenders.customer_id,
    spenders.as_of_date,

    tiered.tier,
    tiered.tier_name_en,
    tiered.tier_name_zh,

    spenders.spend_amount,
    cast(tiered.customers_so_far - tiered.customer_count + 1 as bigint) as spend_rank,
    cast(tiered.customers_so_far as double) / tiered.customers_in_all as customer_share,
    cast(tiered.amount_so_far as double) / cast(tiered.amount_in_all as double) as spend_share
from spenders
inner join tiered on spenders.spend_amount = tiered.spend_amount

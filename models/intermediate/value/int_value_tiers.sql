-- Customers from the greatest spender down: who makes the first half of all spend, who makes it 80
-- %, and so on by the seed value_tiers. The tier goes by the share of spend that those who spend
-- more make, so that the one who crosses a limit is still in the better tier, and equal spenders
-- share theirs. Shares are counted over distinct amounts: they can't tell equal spenders apart.
-- Besides the latest day there is the month end so long before it that customers' channels are compared from there on.
with days as (

    select
        latest.as_of_date as latest_on,
        max(earlier.as_of_date) as compared_on
    from {{ ref('int_as_of_dates') }} as latest
    left join {{ ref('int_as_of_dates') }} as earlier
        on earlier.as_of_date <= latest.as_of_date - {{ whole_number('channel_comparison_days', 1) }}
    where latest.is_latest
    group by latest.as_of_date

),

ranges as (

    select
        tiers.*,
        lead(spend_share_before) over (order by spend_share_before nulls last, tier nulls last)
            as next_spend_share_before
    from {{ ref('value_tiers') }} as tiers

),

spenders as (

    select
        scores.customer_id,
        scores.as_of_date,
        scores.is_latest,
        scores.spend_amount
    from {{ ref('int_rfm_scores') }} as scores
    inner join days on scores.as_of_date in (days.latest_on, days.compared_on)
    where scores.spend_amount > 0

),

amounts as (

    select
        as_of_date,
        spend_amount,
        count(*) as customer_count,
        cast(sum(spend_amount) as decimal(18,2)) as amount
    from spenders
    group by as_of_date, spend_amount

),

running as (

    select
        as_of_date,
        spend_amount,
        customer_count,
        amount,
        sum(customer_count) over from_the_top as customers_so_far,
        cast(sum(amount) over from_the_top as decimal(18,2)) as amount_so_far,
        sum(customer_count) over (partition by as_of_date) as customers_in_all,
        cast(sum(amount) over (partition by as_of_date) as decimal(18,2)) as amount_in_all
    from amounts
    window from_the_top as (partition by as_of_date order by spend_amount desc nulls last)

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
    spenders.is_latest,
    tiered.tier,
    tiered.tier_name_en,
    tiered.tier_name_zh,
    spenders.spend_amount,
    cast(tiered.customers_so_far - tiered.customer_count + 1 as bigint) as spend_rank,
    cast(tiered.customers_so_far as double) / tiered.customers_in_all as customer_share,
    cast(tiered.amount_so_far as double) / cast(tiered.amount_in_all as double) as spend_share
from spenders
inner join tiered
    on spenders.as_of_date = tiered.as_of_date
    and spenders.spend_amount = tiered.spend_amount

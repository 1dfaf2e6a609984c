-- What was caused stands under its channel in the truth, and all that would have come anyway under direct. Half of all
-- differences is what stands under a wrong one; of the channels alone, likewise with their shares of what they get.
with totals as (
    select sum(net_amount)::double as amount
    from marts.order_attribution
    where attribution_model = 'last'
),

truth as (
    select channel, caused_amount::double as amount
    from truth_channel_effects
    where channel <> 'direct'
    union all
    select 'direct', totals.amount - (select sum(caused_amount)::double from truth_channel_effects where channel <> 'direct')
    from totals
),

credited as (
    select attribution_model, channel, sum(net_amount)::double as amount
    from marts.order_attribution
    group by all
),

cells as (
    select models.attribution_model, truth.channel, truth.amount as true_amount, 0 as amount
    from (select distinct attribution_model from credited) as models
    cross join truth
    union all
    select attribution_model, channel, 0, amount
    from credited
),

differences as (
    select attribution_model, channel, sum(true_amount) as true_amount, sum(amount) as amount
    from cells
    group by all
),

shared as (
    select
        *,
        channel <> 'direct' as is_channel,
        sum(true_amount) filter (where is_channel) over models as caused_amount,
        sum(amount) filter (where is_channel) over models as credited_amount
    from differences
    window models as (partition by attribution_model)
)

select
    shared.attribution_model,
    any_value(shared.caused_amount) as caused_amount,
    any_value(shared.credited_amount) as credited_amount,
    sum(abs(shared.amount - shared.true_amount)) / 2 as misplaced_amount,
    misplaced_amount / any_value(totals.amount) as misplaced_share,
    sum(abs(shared.amount / shared.credited_amount - shared.true_amount / shared.caused_amount))
        filter (where shared.is_channel) / 2 as wrong_channel_share,
    wrong_channel_share * any_value(shared.credited_amount) as wrong_channel_amount,
    max_by(shared.channel, shared.amount - shared.true_amount) filter (where shared.is_channel) as most_flattered_channel
from shared
cross join totals
where totals.amount > 0 and shared.caused_amount > 0 and shared.credited_amount > 0
group by shared.attribution_model
order by wrong_channel_share, shared.attribution_model

-- Of the last 365 days; nothing where no touch of a channel was ever seen.
with credited as (
    select
        case when attribution.touch_id is null then 'none' else attribution.channel end as channel,
        attribution.attribution_model,
        sum(attribution.net_amount)::double as amount
    from marts.order_attribution as attribution
    inner join marts.key_figures as key_figures
        on attribution.ordered_on >= key_figures.as_of_date - 365
        and attribution.ordered_on < key_figures.as_of_date
    where exists (from marts.order_attribution where touch_id is not null)
    group by all
),

by_model as (
    select
        channel,
        coalesce(sum(amount) filter (where attribution_model = 'first'), 0) as first_amount,
        coalesce(sum(amount) filter (where attribution_model = 'last'), 0) as last_amount,
        coalesce(sum(amount) filter (where attribution_model = 'last_non_direct'), 0) as last_non_direct_amount,
        coalesce(sum(amount) filter (where attribution_model = 'linear'), 0) as linear_amount,
        coalesce(sum(amount) filter (where attribution_model = 'time_decay'), 0) as time_decay_amount,
        coalesce(sum(amount) filter (where attribution_model = 'position_based'), 0) as position_based_amount,
        coalesce(sum(amount) filter (where attribution_model = 'markov'), 0) as markov_amount
    from credited
    group by channel
)

select
    *,
    coalesce(last_amount / nullif(sum(last_amount) over (), 0), 0) as last_share,
    coalesce(markov_amount / nullif(sum(markov_amount) over (), 0), 0) as markov_share
from by_model
order by channel = 'none', markov_amount desc, channel

-- How often each customer responds through a channel, drawn towards what is usual in it: of x responses to n messages
--   (ρ x + (1 − ρ) p) / (ρ n + 1 − ρ)
-- which is the mean of a beta distribution with the prior p M, (1 − p) M, M = (1 − ρ) / ρ. p is the share of all of the
-- channel's messages that were responded to, and ρ how alike the responses of one customer are, by Kleinman's moments
-- (1973): what customers' shares scatter beyond chance. Where they don't, ρ is 0, and everybody is taken for usual.
with counted as (

    select
        customer_id,
        channel,
        'opening' as response,
        count(*) as message_count,
        count(*) filter (where is_opened) as response_count
    from {{ ref('int_message_responses') }} as messages
    group by customer_id, channel
    union all
    select customer_id, channel, 'purchase', count(*), count(*) filter (where is_bought_after)
    from {{ ref('int_message_responses') }} as messages
    where is_bought_after is not null
    group by customer_id, channel

),

totals as (

    select
        channel,
        response,
        cast(count(*) as double) as customers,
        cast(sum(message_count) as double) as messages,
        cast(sum(response_count) as double) / sum(message_count) as usual_share,
        sum(cast(message_count as double) * message_count) as squares,
        -- A sum of decimals is the same in whatever order it is added up.
        cast(
            sum(cast(cast(response_count as double) * response_count / message_count as decimal(38,20))) as double
        ) as scatter
    from counted
    group by channel, response
    -- A channel in which nobody ever opens anything doesn't tell openings.
    having sum(response_count) > 0 or response = 'purchase'

),

priors as (

    select
        channel,
        response,
        usual_share,
        least(1, greatest(0, coalesce(
            ((scatter - messages * usual_share * usual_share) / nullif(usual_share * (1 - usual_share), 0) - (customers - 1))
            / nullif(messages - squares / messages - (customers - 1), 0),
            0
        ))) as likeness
    from totals

)

select
    counted.customer_id,
    counted.channel,
    counted.response,
    counted.message_count,
    counted.response_count,
    priors.usual_share,
    priors.likeness,
    (priors.likeness * counted.response_count + (1 - priors.likeness) * priors.usual_share)
        / (priors.likeness * counted.message_count + 1 - priors.likeness) as expected_share
from counted
inner join priors
    on counted.channel = priors.channel
    and counted.response = priors.response

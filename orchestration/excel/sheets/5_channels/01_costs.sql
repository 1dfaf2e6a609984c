-- The last twelve months that are over. What attribution gives a channel is by orders that its visits led to. What is set against
-- the spend is of the months whose spend is known: what the others cost nobody knows.
select
    channel,
    sum(spend_amount) as spend_amount,
    coalesce(sum(acquired_count), 0) as acquired,
    sum(coalesce(acquired_count, 0)) filter (where spend_amount is not null) as paid_acquired,
    coalesce(sum(first_purchase_amount), 0) as first_purchase_amount,
    coalesce(sum(revenue_amount), 0) as revenue_amount,
    coalesce(sum(predicted_amount), 0) as predicted_amount,
    sum(coalesce(revenue_amount, 0) + coalesce(predicted_amount, 0)) filter (where spend_amount is not null) as paid_value_amount,
    coalesce(sum(attributed_last_amount), 0) as attributed_last_amount,
    sum(coalesce(attributed_last_amount, 0)) filter (where spend_amount is not null) as paid_last_amount,
    coalesce(sum(attributed_markov_amount), 0) as attributed_markov_amount,
    sum(coalesce(attributed_markov_amount, 0)) filter (where spend_amount is not null) as paid_markov_amount
from marts.channel_performance
where is_complete
    and performance_month > (
        select max(performance_month) - interval 12 month from marts.channel_performance where is_complete
    )
group by channel
order by acquired desc, channel

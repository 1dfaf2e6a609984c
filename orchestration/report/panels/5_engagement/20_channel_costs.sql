-- Of the last twelve months that are over; nothing where no spend is known. Cost and value are of channels that are paid for.
with months as (
    select *
    from marts.channel_performance
    where is_complete and spend_amount is not null
    qualify dense_rank() over (order by performance_month desc) <= 12
),

summed as (
    select
        channel,
        sum(spend_amount)::double as spend_amount,
        coalesce(sum(acquired_count), 0) as acquired_customers,
        sum(revenue_amount + predicted_amount)::double as ltv_amount,
        sum(attributed_last_amount)::double as last_amount,
        sum(attributed_markov_amount)::double as markov_amount
    from months
    group by channel
),

paid_back as (
    select channel, median(payback_months) as payback_months, count(payback_months) as paid_back_months
    from marts.channel_performance
    group by channel
)

select
    summed.channel,
    summed.spend_amount,
    coalesce(summed.spend_amount / nullif(sum(summed.spend_amount) over (), 0), 0) as spend_share,
    summed.acquired_customers,
    coalesce(summed.acquired_customers / nullif(sum(summed.acquired_customers) over (), 0), 0) as acquired_share,
    summed.spend_amount / nullif(summed.acquired_customers, 0) as cac,
    summed.ltv_amount / nullif(summed.spend_amount, 0) as ltv_to_cac,
    paid_back.paid_back_months,
    paid_back.payback_months,
    summed.last_amount / nullif(summed.spend_amount, 0) as return_last,
    summed.markov_amount / nullif(summed.spend_amount, 0) as return_markov
from summed
left join paid_back using (channel)
order by summed.spend_amount desc, summed.channel

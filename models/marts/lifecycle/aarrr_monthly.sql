-- The customers whom a channel won in a month, step by step: acquired, activated, retained, referred (won
-- by word of mouth) and what they have spent; and what the channel cost in the month for each who got so far. A step is null
-- until it could have happened to the last of the month, and for months before the first order of the data, whose steps
-- nobody saw. From the first customer or spend of a channel on, each month of the data has a row, also where it won nobody.
with active_months as (

    select
        acquisition_channel,
        acquired_month as active_month
    from {{ ref('int_customer_acquisition') }} as acquisition
    union
    select
        nullif(channel, 'unknown'),
        spent_month
    from {{ ref('int_channel_spend_months') }} as spend

),

channels as (

    select
        acquisition_channel,
        min(active_month) as first_month
    from active_months
    group by acquisition_channel

),

cells as (

    select
        months.calendar_month,
        channels.acquisition_channel,
        months.days_since_month as days_observed
    from {{ ref('int_months') }} as months
    inner join channels on months.calendar_month >= channels.first_month
    union all
    -- Before the data began there may be decades of months: those that won somebody, or cost something, are enough.
    select
        active_month,
        acquisition_channel,
        cast(null as bigint)
    from active_months
    where active_month < (select min(calendar_month) from {{ ref('int_months') }})

),

counted as (

    select
        cells.calendar_month as acquired_month,
        cells.acquisition_channel,
        count(acquisition.customer_id) as acquired_count,
        case when cells.days_observed >= max(rules.activation_days) then count(*) filter (where acquisition.is_activated) end
            as activated_count,
        case when cells.days_observed >= max(rules.activation_days + rules.retention_days) then count(*) filter (where acquisition.is_retained) end
            as retained_count,
        case
            when cells.acquisition_channel is not null
                then count(acquisition.customer_id) filter (
                    where cells.acquisition_channel in ('{{ var("referral_channels") | map("lower") | join("', '") }}')
                )
        end as referred_count,
        cast(coalesce(sum(acquisition.net_amount), 0) as decimal(18,2)) as revenue_amount,
        coalesce(cells.days_observed, 0) >= 0 as is_complete
    from cells
    cross join {{ ref('int_lifecycle_rules') }} as rules
    left join {{ ref('int_customer_acquisition') }} as acquisition
        on cells.calendar_month = acquisition.acquired_month
        and cells.acquisition_channel is not distinct from acquisition.acquisition_channel
    group by cells.calendar_month, cells.acquisition_channel, cells.days_observed

)

select
    counted.acquired_month,
    counted.acquisition_channel,

    counted.acquired_count,
    counted.activated_count,
    counted.retained_count,
    counted.referred_count,
    cast(counted.activated_count as double) / nullif(counted.acquired_count, 0) as activated_share,
    cast(counted.retained_count as double) / nullif(counted.acquired_count, 0) as retained_share,
    counted.revenue_amount,
    spend.spend_amount,
    case when counted.is_complete then cast(spend.spend_amount as double) / nullif(counted.acquired_count, 0) end
        as cost_per_acquired,
    cast(spend.spend_amount as double) / nullif(counted.activated_count, 0) as cost_per_activated,
    cast(spend.spend_amount as double) / nullif(counted.retained_count, 0) as cost_per_retained,

    counted.is_complete
from counted
left join {{ ref('int_channel_spend_months') }} as spend
    on counted.acquired_month = spend.spent_month
    and coalesce(counted.acquisition_channel, 'unknown') = spend.channel

-- The customers whom a channel won in a month, step by step: acquired, activated, retained, referred (won
-- by word of mouth) and what they have spent. A step is null until it could have happened to the last of
-- the month, and for months before the first order of the data, whose steps nobody saw. From the first customer of a
-- channel on, each month of the data has a row, also where the channel won nobody.
with channels as (

    select
        acquisition_channel,
        min(acquired_month) as first_month
    from {{ ref('int_customer_acquisition') }} as acquisition
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
    -- Before the data began there may be decades of months: those that won somebody are enough.
    select distinct
        acquired_month,
        acquisition_channel,
        cast(null as bigint)
    from {{ ref('int_customer_acquisition') }} as acquisition
    where not is_observed

),

counted as (

    select
        cells.calendar_month as acquired_month,
        cells.acquisition_channel,
        count(acquisition.customer_id) as acquired_count,
        case
            when cells.days_observed >= max(rules.activation_days)
                then count(*) filter (where acquisition.is_activated)
        end as activated_count,
        case
            when cells.days_observed >= max(rules.activation_days + rules.retention_days)
                then count(*) filter (where acquisition.is_retained)
        end as retained_count,
        case
            when cells.acquisition_channel is not null
                then count(acquisition.customer_id) filter (
                    where cells.acquisition_channel in ('{{ var("referral_channels") | join("', '") }}')
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
    acquired_month,
    acquisition_channel,

    acquired_count,
    activated_count,
    retained_count,
    referred_count,
    cast(activated_count as double) / nullif(acquired_count, 0) as activated_share,
    cast(retained_count as double) / nullif(acquired_count, 0) as retained_share,
    revenue_amount,

    is_complete
from counted

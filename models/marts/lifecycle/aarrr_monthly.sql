-- The customers whom a channel won in a month, step by step: acquired, activated, retained, referred (won
-- by word of mouth) and what they have spent. A step is null until it could have happened to the last of
-- the month, and for months before the first order of the data, whose steps nobody saw.
with counted as (

    select
        acquired_month,
        acquisition_channel,
        count(*) as acquired_count,
        case
            when min(days_observed) >= max(activation_days) then count(*) filter (where is_activated)
        end as activated_count,
        case
            when min(days_observed) >= max(days_until_retained) then count(*) filter (where is_retained)
        end as retained_count,
        case
            when acquisition_channel is not null
                then count(*) filter (
                    where acquisition_channel in ('{{ var("referral_channels") | join("', '") }}')
                )
        end as referred_count,
        cast(coalesce(sum(net_amount), 0) as decimal(18,2)) as revenue_amount,
        coalesce(min(days_observed), 0) >= 0 as is_complete
    from {{ ref('int_customer_acquisition') }}
    group by acquired_month, acquisition_channel

)

select
    acquired_month,
    acquisition_channel,

    acquired_count,
    activated_count,
    retained_count,
    referred_count,
    cast(activated_count as double) / acquired_count as activated_share,
    cast(retained_count as double) / acquired_count as retained_share,
    revenue_amount,

    is_complete
from counted

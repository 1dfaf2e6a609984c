-- How many customers had bought within churn_recent_days, on each day. Coming and going are added up, which is one pass over the
-- days where a look back from every day would be ninety.
with daily as (

    select
        channel,
        region,
        changed_on,
        sum(customer_change) as customer_change
    from {{ ref('int_active_changes') }}
    group by channel, region, changed_on

),

cells as (

    select channel, region, min(changed_on) as first_on
    from daily
    group by channel, region

)

select
    days.calendar_day,
    cells.channel,
    cells.region,
    cast(sum(coalesce(daily.customer_change, 0)) over (
        partition by cells.channel, cells.region order by days.calendar_day nulls last
    ) as bigint) as customer_count
from cells
inner join {{ ref('int_calendar_days') }} as days on cells.first_on <= days.calendar_day
left join daily
    on cells.channel = daily.channel
    and cells.region = daily.region
    and days.calendar_day = daily.changed_on

-- How many customers had bought within churn_recent_days, on each day: a purchase counts from its day on, until the days are
-- over or the next one takes its place, so that everybody is counted once. Coming and going are added up, which is one
-- pass over the purchase days where a look back from every day would be ninety.
with bought as (

    select
        customer_id,
        ordered_on,
        case when grouping(channel) = 1 then 'all' else channel end as channel,
        case when grouping(region) = 1 then 'all' else region end as region
    from {{ ref('int_kpi_orders') }} as orders
    where is_purchase
        and customer_id is not null
    group by customer_id, ordered_on, cube(channel, region)

),

followed as (

    select
        channel,
        region,
        ordered_on,
        least(
            cast(ordered_on + interval '{{ var("churn_recent_days") }}' day as date),
            lead(ordered_on) over (partition by channel, region, customer_id order by ordered_on nulls last)
        ) as left_on
    from bought

),

changes as (

    select channel, region, ordered_on as changed_on, 1 as change
    from followed
    union all
    select channel, region, left_on, -1
    from followed

),

daily as (

    select
        channel,
        region,
        changed_on,
        sum(change) as change
    from changes
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
    cast(sum(coalesce(daily.change, 0)) over (
        partition by cells.channel, cells.region order by days.calendar_day nulls last
    ) as bigint) as customer_count
from cells
inner join {{ ref('int_calendar_days') }} as days on cells.first_on <= days.calendar_day
left join daily
    on cells.channel = daily.channel
    and cells.region = daily.region
    and days.calendar_day = daily.changed_on

-- The key figures of each day and cell, from the first day on which there is something to count, also on days without it. What a
-- customer costs begins with the first spend: before it nobody has told of any, which is not to have spent nothing.
with counted as (

    select period_on, channel, region, customer_type, kpi, false as is_stock, numerator, denominator
    from {{ ref('int_kpi_counts') }}
    where period = 'day'
    union all
    select calendar_day, channel, region, 'all', 'active_customers', true, customer_count, null
    from {{ ref('int_active_customers') }}

),

cells as (

    select
        kpi,
        channel,
        region,
        customer_type,
        is_stock,
        max(denominator) is not null as is_ratio,
        min(period_on) as first_on
    from counted
    where numerator <> 0
        or (denominator <> 0 and kpi <> 'acquisition_cost')
    group by kpi, channel, region, customer_type, is_stock

)

select
    days.calendar_day,
    days.calendar_month,
    days.event,
    days.event_began_on,
    cells.kpi,
    cells.channel,
    cells.region,
    cells.customer_type,
    cells.is_ratio,
    cells.is_stock,
    cast(coalesce(counted.numerator, 0) as decimal(18,3)) as numerator,
    cast(case when cells.is_ratio then coalesce(counted.denominator, 0) end as decimal(18,3)) as denominator,
    {{ kpi_value('counted', 'cells.is_ratio') }} as value
from cells
inner join {{ ref('int_calendar_days') }} as days on cells.first_on <= days.calendar_day
left join counted
    on days.calendar_day = counted.period_on
    and cells.kpi = counted.kpi
    and cells.channel = counted.channel
    and cells.region = counted.region
    and cells.customer_type = counted.customer_type

-- By how many the active customers become more or fewer on a day through what was bought in a month: who buys is active for
-- churn_recent_days, and who still is, is so from when that would have ended. So a purchase looks back on the one before alone, and
-- what is bought later changes nothing of it.
with bounds as (

    select min(calendar_day) as first_on, max(calendar_day) as last_on
    from {{ ref('int_calendar_days') }}

),

bought as (

    select
        orders.customer_number,
        orders.ordered_on,
        orders.ordered_on >= bounds.first_on as is_within,
        case when grouping(orders.channel) = 1 then 'all' else orders.channel end as channel,
        case when grouping(orders.region) = 1 then 'all' else orders.region end as region
    from {{ ref('int_kpi_orders') }} as orders
    inner join bounds
        on orders.ordered_on > bounds.first_on - {{ whole_number('churn_recent_days', 1) }}
        and orders.ordered_on <= bounds.last_on
    where orders.is_purchase
        and orders.customer_number is not null
    group by
        orders.customer_number, orders.ordered_on, orders.ordered_on >= bounds.first_on,
        cube(orders.channel, orders.region)

),

lasting as (

    select bought.*, cast(ordered_on + {{ var('churn_recent_days') }} as date) as active_until
    from bought

),

followed as (

    select
        lasting.*,
        greatest(ordered_on, lag(active_until) over (
            partition by channel, region, customer_number order by ordered_on nulls last
        )) as active_from
    from lasting

)

select
    cast(date_trunc('month', followed.ordered_on) as date) as bought_month,
    case when signs.sign = 1 then followed.active_from else followed.active_until end as changed_on,
    followed.channel,
    followed.region,
    cast(sum(signs.sign) as bigint) as customer_change
from followed
cross join (select 1 as sign union all select -1 as sign) as signs
where followed.is_within
group by
    cast(date_trunc('month', followed.ordered_on) as date),
    case when signs.sign = 1 then followed.active_from else followed.active_until end,
    followed.channel, followed.region

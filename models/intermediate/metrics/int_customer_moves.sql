-- The moves that customer_flows counts, each on a day of its own: who bought for the first time, or again after a loss, on the
-- first day on which they did so since the day of analysis before; who was lost, when the inactivity passed the limit. A move
-- belongs where that purchase was made; a loss, where the last one was.
with days as (

    select
        as_of_date,
        coalesce(
            lag(as_of_date) over (order by as_of_date nulls last),
            cast(date_trunc('month', as_of_date - interval '1' day) as date)
        ) as opening_date
    from {{ ref('int_as_of_dates') }}

),

standings as (

    select
        trends.customer_id,
        trends.as_of_date,
        trends.last_purchase_on,
        trends.lost_after_days,
        trends.purchase_count > 0 as has_bought,
        trends.is_lost,
        coalesce(lag(trends.purchase_count > 0) over history, false) as had_bought,
        coalesce(lag(trends.is_lost) over history, false) as was_lost
    from {{ ref('int_customer_trends') }} as trends
    window history as (partition by trends.customer_id order by trends.as_of_date nulls last)

),

moves as (

    select
        standings.customer_id,
        days.as_of_date,
        case when standings.had_bought then 'reactivated' else 'acquired' end as move,
        days.opening_date as moved_on,
        days.opening_date as bought_from,
        cast(days.as_of_date - interval '1' day as date) as bought_to
    from standings
    inner join days on standings.as_of_date = days.as_of_date
    where standings.has_bought
        and (not standings.had_bought or (standings.was_lost and not standings.is_lost))
    union all
    select
        standings.customer_id,
        days.as_of_date,
        'churned',
        -- The limit may have moved since the day of analysis before, which saw no loss.
        greatest(
            cast(standings.last_purchase_on + interval '1' day * cast(floor(standings.lost_after_days) as bigint) as date),
            days.opening_date
        ),
        standings.last_purchase_on,
        standings.last_purchase_on
    from standings
    inner join days on standings.as_of_date = days.as_of_date
    where standings.is_lost
        and not standings.was_lost

),

placed as (

    select
        moves.customer_id,
        moves.as_of_date,
        moves.move,
        case when moves.move = 'churned' then moves.moved_on else coalesce(orders.ordered_on, moves.moved_on) end
            as moved_on,
        coalesce(orders.channel, 'unknown') as channel,
        coalesce(orders.region, 'unknown') as region,
        row_number() over (
            partition by moves.customer_id, moves.as_of_date, moves.move
            -- What has been cancelled since was a purchase then, and is one only where there is no other.
            order by orders.is_purchase desc nulls last, orders.ordered_on nulls last,
                orders.ordered_at nulls last, orders.order_id nulls last
        ) as place
    from moves
    left join {{ ref('int_kpi_orders') }} as orders
        on moves.customer_id = orders.customer_id
        and orders.ordered_on between moves.bought_from and moves.bought_to

)

select
    customer_id,
    as_of_date,
    move,
    moved_on,
    channel,
    region
from placed
where place = 1

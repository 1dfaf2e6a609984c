-- The moves that customer_flows counts, each on a day of its own: who bought for the first time, or again after a loss, on the
-- first day on which they did so since the day of analysis before; who was lost, when the inactivity passed the limit. A move
-- belongs where that purchase was made; a loss, where the last one was.
with days as (

    select
        as_of_date,
        {{ month_looked_back_on('as_of_date') }} as opening_date
    from {{ ref('int_as_of_dates') }}

),

standings as (

    select
        closings.*,
        days.opening_date,
        closings.purchase_count > 0 as has_bought,
        coalesce(openings.purchase_count > 0, false) as had_bought,
        coalesce(openings.is_lost, false) as was_lost
    from days
    inner join {{ ref('int_customer_trends') }} as closings on days.as_of_date = closings.as_of_date
    left join {{ ref('int_customer_trends') }} as openings
        on closings.customer_id = openings.customer_id
        and days.opening_date = openings.as_of_date

),

moves as (

    select
        customer_id,
        as_of_date,
        case when had_bought then 'reactivated' else 'acquired' end as move,
        opening_date as bought_from,
        cast(as_of_date - interval '1' day as date) as bought_to,
        cast(null as date) as lost_on
    from standings
    where has_bought
        and (not had_bought or (was_lost and not is_lost))
    union all
    select
        customer_id,
        as_of_date,
        'churned',
        last_purchase_on,
        last_purchase_on,
        -- The limit may have moved since the day of analysis before, which saw no loss.
        greatest(
            opening_date,
            cast(last_purchase_on + interval '1' day * cast(floor(lost_after_days) as bigint) as date)
        )
    from standings
    where is_lost
        and not was_lost

),

placed as (

    select
        moves.customer_id,
        moves.as_of_date,
        moves.move,
        coalesce(moves.lost_on, orders.ordered_on, moves.bought_from) as moved_on,
        coalesce(orders.channel, 'unknown') as channel,
        coalesce(orders.region, 'unknown') as region,
        orders.store_id,
        row_number() over (
            partition by moves.customer_id, moves.as_of_date, moves.move
            -- What has been cancelled since was a purchase then, and is one only where there is no other.
            -- Among orders, one of which only the day is known is the last of it.
            order by orders.is_purchase desc nulls last, orders.ordered_on nulls last,
                case when moves.lost_on is null then orders.ordered_at end nulls last,
                orders.ordered_at is not null nulls last, orders.ordered_at desc nulls last, orders.order_id nulls last
        ) as place
    from moves
    left join {{ ref('int_kpi_orders') }} as orders
        on moves.customer_id = orders.customer_id
        and orders.ordered_on between moves.bought_from and moves.bought_to

)

select customer_id, as_of_date, move, moved_on, channel, region, store_id
from placed
where place = 1

-- What was sold in each stretch of days, to whom: by place (a region, or one store), channel and segment, each with all of
-- them. People do not add up over cells, so that each cell counts its own. Known are customers, guests those whom nobody knows; other is what returns on receipts of their
-- own took away. Behind a cell stand its buyers, or else its guests, or else those who brought back. First each customer's orders
-- are added up, since of customers there are fewer, and there are twelve kinds of cells.
with units as (

    select order_id, sum(quantity) as unit_count
    from marts.order_lines
    where ordered_on >= (select min(starts_on) from frames where is_known)
    group by order_id

),

framed as (

    select
        frames.period,
        frames.frame,
        sold.region,
        sold.store,
        sold.channel,
        sold.segment,
        sold.customer_id,
        count(*) filter (where sold.is_purchase) as orders,
        count(*) filter (where not sold.is_purchase) as returns,
        coalesce(sum(units.unit_count) filter (where sold.is_purchase), 0) as unit_count,
        coalesce(sum(sold.net_amount) filter (where sold.is_purchase), 0) as amount,
        coalesce(sum(sold.net_amount) filter (where not sold.is_purchase), 0) as other_amount
    from frames
    inner join sold on sold.ordered_on >= frames.starts_on and sold.ordered_on < frames.ends_on
    left join units on sold.order_id = units.order_id
    where frames.is_known
    group by frames.period, frames.frame, sold.region, sold.store, sold.channel, sold.segment, sold.customer_id

),

counted as (

    select
        period,
        frame,
        case
            when grouping(store) = 0 then store
            when grouping(region) = 0 then region
            else 'all'
        end as place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        grouping(store) = 0 and store is null as is_outside,
        count(distinct customer_id) + coalesce(sum(returns) filter (where customer_id is null), 0) as everybody,
        count(distinct customer_id) filter (where orders > 0) as buyers,
        coalesce(sum(orders) filter (where customer_id is not null), 0) as known_orders,
        coalesce(sum(orders) filter (where customer_id is null), 0) as guest_orders,
        coalesce(sum(unit_count) filter (where customer_id is not null), 0) as known_units,
        coalesce(sum(unit_count) filter (where customer_id is null), 0) as guest_units,
        coalesce(sum(amount) filter (where customer_id is not null), 0) as known_amount,
        coalesce(sum(amount) filter (where customer_id is null), 0) as guest_amount,
        sum(other_amount) as other_amount
    from framed
    group by period, frame, cube (channel, segment), rollup (region, store)

)

select
    * exclude (is_outside, everybody),
    coalesce(nullif(buyers, 0), nullif(guest_orders, 0), everybody) as people
from counted
where not is_outside
order by all

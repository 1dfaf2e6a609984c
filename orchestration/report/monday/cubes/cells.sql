-- What was sold in each stretch of days, to whom: by place (a region, or one store), channel and segment, each with all of
-- them. People do not add up over cells, so that each cell counts its own; a store has no segments, which would be too many
-- cells of too few people. Known are customers, guests those whom nobody knows; other is what returns on receipts of their
-- own took away.
with units as (

    select order_id, sum(quantity) as unit_count
    from marts.order_lines
    where ordered_on >= (select min(starts_on) from frames where is_known)
    group by order_id

),

framed as (

    select frames.period, frames.frame, sold.*, coalesce(units.unit_count, 0) as unit_count
    from frames
    inner join sold on sold.ordered_on >= frames.starts_on and sold.ordered_on < frames.ends_on
    left join units on sold.order_id = units.order_id
    where frames.is_known

),

counted as (

    select
        period,
        frame,
        case
            when grouping(store_id) = 0 then store_id
            when grouping(region) = 0 then region
            else 'all'
        end as place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        if(grouping(segment) = 0, segment, 'all') as segment,
        grouping(store_id) = 0 and store_id is null as is_outside,
        count(distinct coalesce(customer_id, order_id)) as everybody,
        count(distinct customer_id) filter (where is_purchase) as buyers,
        count(*) filter (where is_purchase and customer_id is not null) as known_orders,
        count(*) filter (where is_purchase and customer_id is null) as guest_orders,
        coalesce(sum(unit_count) filter (where is_purchase and customer_id is not null), 0) as known_units,
        coalesce(sum(unit_count) filter (where is_purchase and customer_id is null), 0) as guest_units,
        coalesce(sum(net_amount) filter (where is_purchase and customer_id is not null), 0) as known_amount,
        coalesce(sum(net_amount) filter (where is_purchase and customer_id is null), 0) as guest_amount,
        coalesce(sum(net_amount) filter (where not is_purchase), 0) as other_amount
    from framed
    group by period, frame, grouping sets (
        (), (channel), (segment), (channel, segment),
        (region), (region, channel), (region, segment), (region, channel, segment),
        (region, store_id), (region, store_id, channel)
    )

)

select * exclude (is_outside, everybody), coalesce(nullif(buyers, 0), nullif(guest_orders, 0), everybody) as people
from counted
where not is_outside
order by all

-- What was sold in each stretch, week or day, to whom, by what the page filters and by segment, each with all of them. Known are
-- customers, guests those whom nobody knows; other is what returns on receipts of their own took away. Behind a cell stand its
-- buyers, or else its guests, or else those who brought back. People do not add up over spots, but over segments, of which each has
-- one. So those who bought in the same spots are counted together, by the set of these, and count where any of them is asked for:
-- of sets there are few.
create or replace temp macro sold_in(asked) as table
with orders as (

    select sales_days.starts_on, sales_days.ends_on, sold.*
    from sales_days
    inner join sold on sales_days.ordered_on = sold.ordered_on
    where sales_days.kind = asked

),

customers as (

    select
        starts_on,
        ends_on,
        segment,
        buyer,
        bit_or(spot) filter (where is_purchase) as bought_in,
        bit_or(spot) filter (where not is_purchase) as returned_in
    from orders
    where buyer is not null
    group by starts_on, ends_on, segment, buyer

),

counted as (

    select
        starts_on,
        ends_on,
        segment,
        spot as spots,
        count(*) filter (where is_purchase and buyer is not null) as known_orders,
        count(*) filter (where is_purchase and buyer is null) as guest_orders,
        count(*) filter (where not is_purchase and buyer is null) as guest_returns,
        sum(unit_count) filter (where is_purchase and buyer is not null) as known_units,
        sum(unit_count) filter (where is_purchase and buyer is null) as guest_units,
        sum(net_amount) filter (where is_purchase and buyer is not null) as known_amount,
        sum(net_amount) filter (where is_purchase and buyer is null) as guest_amount,
        sum(net_amount) filter (where not is_purchase) as other_amount
    from orders
    group by starts_on, ends_on, segment, spot
    union all by name
    select starts_on, ends_on, segment, bought_in as spots, count(*) as buyers
    from customers
    where bought_in is not null
    group by starts_on, ends_on, segment, bought_in
    union all by name
    select starts_on, ends_on, segment, returned_in as spots, count(*) as returners
    from customers
    where returned_in is not null
    group by starts_on, ends_on, segment, returned_in

),

reached as (

    select sets.spots, filters.place, filters.channel
    from (select distinct spots from counted) as sets
    inner join filters on bit_count(sets.spots & filters.spots) > 0

)

select
    counted.starts_on,
    counted.ends_on,
    reached.place,
    reached.channel,
    if(grouping(counted.segment) = 0, counted.segment, 'all') as segment,
    coalesce(sum(counted.buyers), 0) as buyers,
    sum(counted.known_orders) as known_orders,
    sum(counted.guest_orders) as guest_orders,
    coalesce(sum(counted.known_units), 0) as known_units,
    coalesce(sum(counted.guest_units), 0) as guest_units,
    coalesce(sum(counted.known_amount), 0) as known_amount,
    coalesce(sum(counted.guest_amount), 0) as guest_amount,
    coalesce(sum(counted.other_amount), 0) as other_amount,
    coalesce(
        nullif(sum(counted.buyers), 0),
        nullif(sum(counted.guest_orders), 0),
        coalesce(sum(counted.returners), 0) + sum(counted.guest_returns)
    ) as people
from counted
inner join reached on counted.spots = reached.spots
group by counted.starts_on, counted.ends_on, reached.place, reached.channel, rollup (counted.segment)

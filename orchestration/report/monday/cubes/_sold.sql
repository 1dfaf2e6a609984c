-- By what the page filters what was sold: the channel and the place, which is a region or one store, each with all of them. Shops
-- that it does not tell apart are one spot, a bit of as many as there are, so that a filter is a set of spots.
create or replace temp table spots as
select
    channel,
    region,
    store,
    set_bit(bitstring('0', cast(count(*) over () as integer)), cast(row_number() over () - 1 as integer), 1) as spot
from (select distinct channel, region, store from shops);

create or replace temp table filters as
select
    case when grouping(store) = 0 then store when grouping(region) = 0 then region else 'all' end as place,
    if(grouping(channel) = 0, channel, 'all') as channel,
    bit_or(spot) as spots
from spots
group by rollup (channel), rollup (region, store)
having place is not null;

-- Every order of two years of weeks with the spot and the segment by which the page is filtered, and how many units it was. Guests
-- whom nobody knows have a segment to themselves. Codes are an enumeration, which is grouped by as small numbers.
create or replace temp type code as enum (select 'all' union select 'guest' union select segment from buyers);

create or replace temp table sold as
with units as (

    select order_id, sum(quantity) as unit_count
    from marts.order_lines
    where ordered_on >= (select as_of_date - 7 * 105 from marts.publication)
    group by order_id

)

select
    buyers.buyer,
    orders.ordered_on,
    spots.spot,
    cast(case when orders.customer_id is null then 'guest' else buyers.segment end as code) as segment,
    orders.is_purchase,
    units.unit_count,
    orders.net_amount
from marts.orders as orders
inner join shops
    on orders.channel is not distinct from shops.order_channel
    and orders.store_id is not distinct from shops.store_id
inner join spots
    on shops.channel = spots.channel
    and shops.region is not distinct from spots.region
    and shops.store is not distinct from spots.store
left join buyers on orders.customer_id = buyers.customer_id
left join units on orders.order_id = units.order_id
where orders.ordered_on >= (select as_of_date - 7 * 105 from marts.publication)
    and orders.ordered_on < (select as_of_date from marts.publication)

-- Every order of two years of weeks with the place, the channel and the segment by which the page is filtered, and how many units
-- it was. Guests whom nobody knows have a segment to themselves. Codes are an enumeration, which is grouped by as small numbers.
create or replace temp type code as enum (
    select 'all'
    union select channel from shops
    union select region from shops where region is not null
    union select store from shops where store is not null
    union select segment from buyers
    union select 'guest'
);

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
    cast(shops.channel as code) as channel,
    cast(shops.region as code) as region,
    cast(shops.store as code) as store,
    cast(case when orders.customer_id is null then 'guest' else buyers.segment end as code) as segment,
    orders.is_purchase,
    units.unit_count,
    orders.net_amount
from marts.orders as orders
inner join shops
    on orders.channel is not distinct from shops.order_channel
    and orders.store_id is not distinct from shops.store_id
left join buyers on orders.customer_id = buyers.customer_id
left join units on orders.order_id = units.order_id
where orders.ordered_on >= (select as_of_date - 7 * 105 from marts.publication)
    and orders.ordered_on < (select as_of_date from marts.publication)

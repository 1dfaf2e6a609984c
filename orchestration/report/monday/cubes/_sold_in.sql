-- What was sold in each stretch, week or day, to whom: by place (a region, or one store), channel and segment, each with all of
-- them. Known are customers, guests those whom nobody knows; other is what returns on receipts of their own took away. Behind a
-- cell stand its buyers, or else its guests, or else those who brought back. First each customer's orders are added up, since of
-- customers there are fewer; people do not add up over places and channels, but over segments, of which each has one.
create or replace temp macro sold_in(asked) as table
with customers as (

    select
        sales_days.starts_on,
        sales_days.ends_on,
        sold.channel,
        sold.region,
        sold.store,
        sold.segment,
        sold.buyer,
        count(*) filter (where sold.is_purchase) as orders,
        count(*) filter (where not sold.is_purchase) as returns,
        coalesce(sum(sold.unit_count) filter (where sold.is_purchase), 0) as unit_count,
        coalesce(sum(sold.net_amount) filter (where sold.is_purchase), 0) as amount,
        coalesce(sum(sold.net_amount) filter (where not sold.is_purchase), 0) as other_amount
    from sales_days
    inner join sold on sales_days.ordered_on = sold.ordered_on
    where sales_days.kind = asked
    group by sales_days.starts_on, sales_days.ends_on, sold.channel, sold.region, sold.store, sold.segment, sold.buyer

),

segments as (

    select
        starts_on,
        ends_on,
        case when grouping(store) = 0 then store when grouping(region) = 0 then region else 'all' end as place,
        if(grouping(channel) = 0, channel, 'all') as channel,
        segment,
        count(distinct buyer) filter (where orders > 0) as buyers,
        count(distinct buyer) filter (where returns > 0) + coalesce(sum(returns) filter (where buyer is null), 0) as returners,
        coalesce(sum(orders) filter (where buyer is not null), 0) as known_orders,
        coalesce(sum(orders) filter (where buyer is null), 0) as guest_orders,
        coalesce(sum(unit_count) filter (where buyer is not null), 0) as known_units,
        coalesce(sum(unit_count) filter (where buyer is null), 0) as guest_units,
        coalesce(sum(amount) filter (where buyer is not null), 0) as known_amount,
        coalesce(sum(amount) filter (where buyer is null), 0) as guest_amount,
        sum(other_amount) as other_amount
    from customers
    group by starts_on, ends_on, segment, rollup (channel), rollup (region, store)

)

select
    starts_on,
    ends_on,
    place,
    channel,
    if(grouping(segment) = 0, segment, 'all') as segment,
    sum(buyers) as buyers,
    sum(known_orders) as known_orders,
    sum(guest_orders) as guest_orders,
    sum(known_units) as known_units,
    sum(guest_units) as guest_units,
    sum(known_amount) as known_amount,
    sum(guest_amount) as guest_amount,
    sum(other_amount) as other_amount,
    coalesce(nullif(sum(buyers), 0), nullif(sum(guest_orders), 0), sum(returners)) as people
from segments
where place is not null
group by starts_on, ends_on, place, channel, rollup (segment)

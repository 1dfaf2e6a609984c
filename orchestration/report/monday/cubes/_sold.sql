-- Every order with the place, the channel and the segment by which the page is filtered. The segment is the customer's own of
-- the latest day, so that the same people are followed over time; guests whom nobody knows have one to themselves.
create or replace temp view sold as
select
    orders.order_id,
    orders.customer_id,
    orders.ordered_on,
    orders.ordered_at,
    coalesce(orders.channel, 'unknown') as channel,
    case when orders.store_id is null then 'no_store' else areas.region end as region,
    areas.store,
    list_filter(
        [
            'all',
            case when orders.store_id is null then 'no_store' else areas.region end,
            areas.store
        ],
        lambda place: place is not null
    ) as places,
    case when orders.customer_id is null then 'guest' else coalesce(rfm.segment_code, 'none') end as segment,
    orders.is_purchase,
    orders.net_amount
from marts.orders as orders
left join areas on orders.store_id = areas.store_id
left join marts.customer_rfm as rfm on orders.customer_id = rfm.customer_id and rfm.is_latest
where orders.ordered_on < (select as_of_date from marts.publication)

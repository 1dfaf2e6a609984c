-- Everybody by what the page filters people: the segment of the latest day, the channel by which they spend most, and where they
-- are at home, which is the store in which they buy most (customers), or outside stores.
create or replace temp view at_home as
select
    customers.customer_id,
    coalesce(rfm.segment_code, 'none') as segment,
    coalesce(whole.main_channel, 'unknown') as channel,
    coalesce(areas.store, 'no_store') as home,
    list_filter(
        [
            'all',
            case when customers.home_store_id is null then 'no_store' else areas.region end,
            areas.store
        ],
        lambda place: place is not null
    ) as places
from marts.customers as customers
left join areas on customers.home_store_id = areas.store_id
left join marts.customer_rfm as rfm on customers.customer_id = rfm.customer_id and rfm.is_latest
left join marts.customer_360 as whole on customers.customer_id = whole.customer_id

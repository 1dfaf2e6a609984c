-- Wherever anything was ever sold, a channel and a store, by what the page filters by: the channel, the region, and the store by
-- which the page knows it.
create or replace temp table shops as
with sold_in as (

    select distinct channel as order_channel, store_id
    from marts.orders
    where ordered_on < (select as_of_date from marts.publication)

)

select
    sold_in.order_channel,
    sold_in.store_id,
    coalesce(sold_in.order_channel, 'unknown') as channel,
    case when sold_in.store_id is null then 'no_store' else areas.region end as region,
    areas.store
from sold_in
left join areas on sold_in.store_id = areas.store_id

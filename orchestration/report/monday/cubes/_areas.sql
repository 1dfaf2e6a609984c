-- The region of each store, and by what the page knows it: the dozen that sold most in the last year by their own names, and
-- the others of a region together, since a cell for each of hundreds would be a page of many megabytes.
create or replace temp view areas as
with sales as (

    select store_id, sum(net_amount) as net_amount
    from marts.orders
    where ordered_on >= (select as_of_date - 364 from marts.publication)
    group by store_id

)

select
    stores.store_id,
    coalesce(stores.region, 'unknown') as region,
    if(
        row_number() over (order by sales.net_amount desc nulls last, stores.store_id) <= 12,
        stores.store_id,
        'others_of_' || coalesce(stores.region, 'unknown')
    ) as store
from marts.stores as stores
left join sales on stores.store_id = sales.store_id

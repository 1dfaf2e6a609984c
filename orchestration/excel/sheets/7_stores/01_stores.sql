-- Four weeks beside the four before them, and the same weekdays a year before.
with days as (
    select *, (select as_of_date from marts.publication) - calendar_day as days_ago
    from marts.store_daily
),

summed as (
    select
        store_id,
        coalesce(sum(net_amount) filter (where days_ago between 1 and 28), 0) as amount,
        coalesce(sum(net_amount) filter (where days_ago between 29 and 56), 0) as before,
        sum(net_amount) filter (where days_ago between 365 and 392) as last_year,
        sum(net_amount) filter (where days_ago between 1 and 28 and peer_count > 0) as compared_amount,
        sum(expected_amount) filter (where days_ago between 1 and 28) as peers_amount,
        coalesce(sum(purchase_count) filter (where days_ago between 1 and 28), 0) as purchases,
        coalesce(sum(member_purchase_count) filter (where days_ago between 1 and 28), 0) as member_purchases,
        coalesce(sum(new_customer_count) filter (where days_ago between 1 and 28), 0) as acquired,
        coalesce(sum(reactivated_customer_count) filter (where days_ago between 1 and 28), 0) as reactivated,
        coalesce(sum(lost_customer_count) filter (where days_ago between 1 and 28), 0) as lost
    from days
    group by store_id
)

select
    coalesce(stores.region, '–') as region,
    coalesce(stores.store_name, stores.source_store_id) as store,
    summed.* exclude (store_id)
from summed
inner join marts.stores on summed.store_id = stores.store_id
order by region, amount desc, summed.store_id

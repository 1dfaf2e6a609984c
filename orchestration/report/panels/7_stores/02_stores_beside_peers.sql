-- The last 91 days of each store beside what it would have sold in them had it done for its size as the stores next to it in size:
-- whoever falls short of that most comes first.
with latest as (
    select
        store_id,
        count(*) filter (where is_trading)::bigint as trading_days,
        sum(purchase_count)::bigint as purchases,
        sum(member_purchase_count) / nullif(sum(purchase_count), 0) as member_share,
        sum(local_purchase_count) / nullif(sum(located_purchase_count), 0) as local_share,
        sum(regional_purchase_count) / nullif(sum(located_purchase_count), 0) as regional_share,
        sum(new_customer_count)::bigint as new_customers,
        sum(lost_customer_count)::bigint as lost_customers,
        sum(net_amount)::double as amount,
        sum(net_amount) filter (where peer_count > 0)::double / nullif(sum(expected_amount), 0) - 1 as beyond_peers_share
    from marts.store_daily
    where calendar_day > (select max(calendar_day) - 91 from marts.store_daily)
    group by store_id
)

select
    coalesce(stores.store_name, stores.source_store_id) as store,
    coalesce(stores.retail_type, '') as retail_type,
    latest.* exclude (store_id, trading_days),
    (select max(traffic_gini) from marts.store_dayparts as parts where parts.store_id = latest.store_id and day_kind <> 'festival')
        as unevenness
from latest
inner join marts.stores on latest.store_id = stores.store_id
where latest.purchases > 0
order by beyond_peers_share nulls last, latest.store_id
limit 12

-- What the filters offer, by the names that the marts give.
select
    'store' as dim,
    areas.store as code,
    if(areas.store = any_value(areas.store_id), any_value(stores.store_name_or_id), 'Other stores (' || count(*) || ')') as name_en,
    if(areas.store = any_value(areas.store_id), any_value(stores.store_name_or_id), '其他门店（' || count(*) || '）') as name_zh,
    areas.region as within
from areas
inner join (select store_id, coalesce(store_name, source_store_id) as store_name_or_id from marts.stores) as stores
    on areas.store_id = stores.store_id
where areas.store in (select store from shops)
group by areas.store, areas.region
union all
select distinct 'region', region, null, null, null from shops
union all
select distinct 'channel', shops.channel, people.main_channel_name_en, people.main_channel_name_zh, null
from shops
left join (select distinct main_channel, main_channel_name_en, main_channel_name_zh from marts.customer_360) as people
    on shops.channel = people.main_channel
union all
select distinct 'segment', segment_code, segment_name_en, segment_name_zh, null
from marts.customer_rfm
where is_latest and segment_code is not null
order by dim, code desc

-- What the filters offer, by the names that the marts give.
select 'store' as dim, store_id as code, coalesce(store_name, source_store_id) as name_en, coalesce(store_name, source_store_id) as name_zh,
    coalesce(region, 'unknown') as within
from marts.stores
where store_id in (select store_id from sold)
union all
select distinct 'region', region, null, null, null from sold
union all
select distinct 'channel', sold.channel, people.main_channel_name_en, people.main_channel_name_zh, null
from sold
left join (select distinct main_channel, main_channel_name_en, main_channel_name_zh from marts.customer_360) as people
    on sold.channel = people.main_channel
union all
select distinct 'segment', segment_code, segment_name_en, segment_name_zh, null
from marts.customer_rfm
where is_latest and segment_code is not null
order by dim, code desc

select
    case when hot.place_kind = 'region' then hot.place else coalesce(stores.store_name, stores.source_store_id) end as place,
    coalesce(products.product_name, products.product_id) as product,
    hot.product_purchase_count as purchases,
    hot.share_index,
    hot.index_low,
    hot.index_high
from marts.store_hot_products as hot
inner join marts.products as products on hot.product_id = products.product_id
left join marts.stores as stores on hot.place_kind = 'store' and hot.place = stores.store_id
where hot.is_hot
order by hot.index_low desc, hot.place, hot.product_id
limit 12

-- The shelves to order for first: those where most is lost in a week that nothing comes, of each store the first ten, and of stores that
-- stand together the first thirty.
with ranked as (

    select
        health.*,
        areas.store,
        coalesce(stores.store_name, stores.source_store_id) as store_name,
        coalesce(givers.store_name, givers.source_store_id) as transfer_store_name,
        coalesce(products.product_name, products.source_product_id, health.product_id) as product,
        row_number() over (
            partition by health.store_id order by health.lost_amount desc nulls last, health.days_of_cover, health.product_id
        ) as place_in_store
    from marts.inventory_health as health
    left join areas on health.store_id = areas.store_id
    left join marts.stores as stores on health.store_id = stores.store_id
    left join marts.stores as givers on health.transfer_store_id = givers.store_id
    left join marts.products as products on health.product_id = products.product_id
    where health.stock_status in ('out', 'low')
        and health.reorder_quantity > 0

)

select
    coalesce(store, 'no_store') as place,
    coalesce(store_name, '') as store,
    product,
    category,
    stock_status as status,
    cast(on_hand_quantity as double) as on_hand_quantity,
    round(days_of_cover, 1) as days_of_cover,
    lead_time_days,
    reorder_quantity,
    greatest(transfer_quantity, 0) as transfer_quantity,
    transfer_store_name as transfer_store,
    lost_amount
from ranked
where place_in_store <= 10
qualify row_number() over (
    partition by place order by lost_amount desc nulls last, days_of_cover, ranked.store_name, product
) <= 30
order by lost_amount desc nulls last, days_of_cover, place, product

-- Each pair of categories once, and of products those that are furthest beyond chance.
with named as (
    select
        affinities.item_kind,
        coalesce(items.product_name, items.source_product_id, affinities.item_id) as item,
        coalesce(others.product_name, others.source_product_id, affinities.other_item_id) as other_item,
        affinities.basket_count::bigint as baskets,
        affinities.confidence as confidence_share,
        affinities.lift,
        affinities.lift_low,
        row_number() over (
            partition by affinities.item_kind order by affinities.leverage desc, affinities.item_id, affinities.other_item_id
        ) as place
    from marts.product_affinities as affinities
    left join marts.products as items on affinities.item_kind = 'product' and affinities.item_id = items.product_id
    left join marts.products as others on affinities.item_kind = 'product' and affinities.other_item_id = others.product_id
    where affinities.item_id < affinities.other_item_id
)

select item_kind, item, other_item, baskets, confidence_share, lift, lift_low
from named
where place <= 8
order by item_kind, place

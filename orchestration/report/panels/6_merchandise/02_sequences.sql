with named as (
    select
        sequences.item_kind,
        coalesce(items.product_name, items.source_product_id, sequences.item_id) as item,
        coalesce(nexts.product_name, nexts.source_product_id, sequences.next_item_id) as next_item,
        sequences.customer_count::bigint as customers,
        sequences.forward_share,
        sequences.lift,
        sequences.median_days,
        row_number() over (
            partition by sequences.item_kind
            order by sequences.lift_low desc, sequences.item_id, sequences.next_item_id
        ) as place
    from marts.product_sequences as sequences
    left join marts.products as items on sequences.item_kind = 'product' and sequences.item_id = items.product_id
    left join marts.products as nexts on sequences.item_kind = 'product' and sequences.next_item_id = nexts.product_id
)

select item_kind, item, next_item, customers, forward_share, lift, median_days
from named
where place <= 8
order by item_kind, place

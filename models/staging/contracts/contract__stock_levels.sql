select
    cast(null as string) as source_system,
    cast(null as string) as stock_level_id,
    cast(null as string) as store_id,
    cast(null as string) as product_id,
    cast(null as date) as counted_on,
    cast(null as decimal(18,3)) as on_hand_quantity,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

select
    cast(null as string) as source_system,
    cast(null as string) as product_id,
    cast(null as string) as source_product_id,
    cast(null as string) as product_name,
    cast(null as string) as brand,
    cast(null as string) as department,
    cast(null as string) as category,
    cast(null as string) as package_size,
    cast(null as decimal(18,2)) as list_price,
    cast(null as bigint) as lead_time_days,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

select
    cast(null as string) as source_system,
    cast(null as string) as store_id,
    cast(null as string) as source_store_id,
    cast(null as string) as store_name,
    cast(null as string) as city,
    cast(null as string) as region,
    cast(null as string) as retail_type,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

select
    cast(null as string) as source_system,
    cast(null as string) as event_id,
    cast(null as string) as account_id,
    cast(null as string) as device_id,
    cast(null as string) as session_id,
    cast(null as string) as event_type,
    cast(null as timestamp) as occurred_at,
    cast(null as date) as occurred_on,
    cast(null as string) as product_id,
    cast(null as decimal(18,2)) as dwell_seconds,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

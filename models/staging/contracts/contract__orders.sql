select
    cast(null as string) as source_system,
    cast(null as string) as order_id,
    cast(null as string) as source_order_id,
    cast(null as string) as account_id,
    cast(null as string) as store_id,
    cast(null as string) as channel,
    cast(null as timestamp) as ordered_at,
    cast(null as date) as ordered_on,
    cast(null as string) as order_status,
    cast(null as date) as cancelled_on,
    cast(null as string) as currency,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

select
    cast(null as string) as source_system,
    cast(null as string) as ledger_entry_id,
    cast(null as string) as account_id,
    cast(null as string) as entry_type,
    cast(null as decimal(18,2)) as points,
    cast(null as string) as order_id,
    cast(null as date) as booked_on,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

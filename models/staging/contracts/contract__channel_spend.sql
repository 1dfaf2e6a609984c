select
    cast(null as string) as source_system,
    cast(null as string) as channel_spend_id,
    cast(null as string) as channel,
    cast(null as date) as spent_on,
    cast(null as decimal(18,2)) as spend_amount,
    cast(null as string) as currency,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

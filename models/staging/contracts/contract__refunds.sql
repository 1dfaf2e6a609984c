select
    cast(null as string) as source_system,
    cast(null as string) as refund_id,
    cast(null as string) as order_id,
    cast(null as date) as refunded_on,
    cast(null as decimal(18,2)) as refund_amount,
    cast(null as string) as currency,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

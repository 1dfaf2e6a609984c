select
    cast(null as string) as source_system,
    cast(null as string) as payment_id,
    cast(null as string) as order_id,
    cast(null as string) as payment_method,
    cast(null as decimal(18,2)) as payment_amount,
    cast(null as string) as card_token,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

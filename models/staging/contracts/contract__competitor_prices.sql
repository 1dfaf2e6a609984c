select
    cast(null as string) as source_system,
    cast(null as string) as competitor_price_id,
    cast(null as string) as competitor,
    cast(null as string) as region,
    cast(null as string) as product_id,
    cast(null as date) as observed_on,
    cast(null as decimal(18,2)) as price_amount,
    cast(null as string) as currency,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

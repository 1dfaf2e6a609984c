select
    cast(null as string) as source_system,
    cast(null as string) as order_line_id,
    cast(null as string) as order_id,
    cast(null as string) as product_id,
    cast(null as decimal(18,3)) as quantity,
    cast(null as decimal(18,2)) as gross_amount,
    cast(null as decimal(18,2)) as discount_amount,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

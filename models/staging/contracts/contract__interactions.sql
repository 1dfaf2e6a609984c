select
    cast(null as string) as source_system,
    cast(null as string) as interaction_id,
    cast(null as string) as account_id,
    cast(null as string) as order_id,
    cast(null as string) as product_id,
    cast(null as string) as interaction_type,
    cast(null as string) as topic,
    cast(null as string) as channel,
    cast(null as decimal(18,2)) as score,
    cast(null as string) as comment_text,
    cast(null as timestamp) as occurred_at,
    cast(null as date) as occurred_on,
    cast(null as date) as resolved_on,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

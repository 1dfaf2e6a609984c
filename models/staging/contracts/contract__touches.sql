select
    cast(null as string) as source_system,
    cast(null as string) as touch_id,
    cast(null as string) as campaign_id,
    cast(null as string) as account_id,
    cast(null as string) as touch_type,
    cast(null as string) as arm,
    cast(null as string) as channel,
    cast(null as string) as coupon_id,
    cast(null as string) as order_id,
    cast(null as timestamp) as occurred_at,
    cast(null as date) as occurred_on,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

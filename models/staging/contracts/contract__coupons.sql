select
    cast(null as string) as source_system,
    cast(null as string) as coupon_id,
    cast(null as string) as campaign_id,
    cast(null as string) as discount_type,
    cast(null as decimal(18,2)) as discount_value,
    cast(null as decimal(18,2)) as minimum_amount,
    cast(null as string) as weekdays,
    cast(null as bigint) as from_hour,
    cast(null as bigint) as to_hour,
    cast(null as string) as retail_type,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

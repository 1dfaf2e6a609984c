select
    cast(null as string) as source_system,
    cast(null as string) as membership_tier_id,
    cast(null as string) as account_id,
    cast(null as string) as membership_tier,
    cast(null as date) as valid_from,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

select
    cast(null as string) as source_system,
    cast(null as string) as consent_id,
    cast(null as string) as account_id,
    cast(null as string) as purpose,
    cast(null as string) as channel,
    cast(null as string) as consent_status,
    cast(null as timestamp) as changed_at,
    cast(null as date) as changed_on,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

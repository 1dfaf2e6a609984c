select
    cast(null as string) as source_system,
    cast(null as string) as campaign_id,
    cast(null as string) as source_campaign_id,
    cast(null as string) as campaign_name,
    cast(null as string) as objective,
    cast(null as string) as channel,
    cast(null as string) as assignment,
    cast(null as date) as starts_on,
    cast(null as date) as ends_on,
    cast(null as string) as _file,
    cast(null as bigint) as _line,
    cast(null as string) as _batch,
    cast(null as timestamp) as _landed_at
where false

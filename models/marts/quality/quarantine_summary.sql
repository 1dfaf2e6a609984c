with refused as (

    select
        source_system,
        entity,
        'validation' as caught_at,
        reason_code,
        sum(row_count) as row_count,
        sum(amount) as amount
    from {{ ref('int_settled_rows') }}
    where row_status = 'quarantined'
    group by source_system, entity, reason_code
    union all
    select
        rejected_lines.source_system,
        rejected_lines.feed,
        'landing',
        rejected_lines.reason_code,
        count(*),
        0
    from {{ ref('stg_landing__rejected_lines') }} as rejected_lines
    inner join {{ ref('int_current_deliveries') }} as current_deliveries
        on rejected_lines._batch = current_deliveries.batch
    where rejected_lines.source_system in ('{{ var("sources").keys() | join("', '") }}')
    group by rejected_lines.source_system, rejected_lines.feed, rejected_lines.reason_code

)

select
    refused.source_system,
    refused.entity,
    refused.caught_at,
    refused.reason_code,
    reasons.reason_en,
    reasons.reason_zh,
    cast(refused.row_count as bigint) as row_count,
    cast(refused.amount as decimal(18,2)) as amount
from refused
left join {{ ref('quarantine_reasons') }} as reasons on refused.reason_code = reasons.reason_code

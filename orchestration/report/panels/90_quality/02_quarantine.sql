select
    source_system,
    entity,
    caught_at,
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    sum(row_count) as row_count,
    sum(amount) as amount
from marts.quarantine_summary
group by source_system, entity, caught_at, reason_code
having sum(row_count) > 0
order by row_count desc, source_system, entity, caught_at, reason_code

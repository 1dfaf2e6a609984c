-- A refresh of some sources alone can't find what was planted in the others.
with counted as (
    select source_system, entity, caught_at, reason_code, row_count as planted, 0 as found
    from truth_quarantine
    where source_system in (select source_system from marts.reconciliation)
    union all
    select source_system, entity, caught_at, reason_code, 0, row_count
    from marts.quarantine_summary
),

names as (
    select reason_code, max(reason_en) as reason_en, max(reason_zh) as reason_zh
    from marts.quarantine_summary
    group by reason_code
)

select
    source_system,
    entity,
    caught_at,
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    sum(planted)::bigint as planted,
    sum(found)::bigint as found,
    sum(planted) = sum(found) as is_equal
from counted left join names using (reason_code)
group by source_system, entity, caught_at, reason_code
having sum(planted) > 0 or sum(found) > 0
order by is_equal, source_system, entity, caught_at, reason_code

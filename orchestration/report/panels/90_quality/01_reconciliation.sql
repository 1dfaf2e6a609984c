select
    source_system,
    entity,
    sum(rows_landed) as rows_landed,
    sum(rows_accepted) as rows_accepted,
    sum(rows_quarantined) as rows_quarantined,
    sum(rows_superseded) as rows_superseded,
    sum(rows_duplicate) as rows_duplicate,
    sum(rows_ignored) as rows_ignored,
    sum(rows_unattributed) as rows_unattributed,
    sum(amount_unattributed) as amount_unattributed,
    count(*) filter (where is_reconciled is not true) as unreconciled_days,
    unreconciled_days = 0 as is_reconciled
from marts.reconciliation
group by source_system, entity
order by is_reconciled, source_system, entity

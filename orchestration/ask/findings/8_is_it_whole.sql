-- Whether all that landed is accounted for, and how many feeds are behind; a source that is too small to be asked is not.
select
    (select count(*) from marts.reconciliation where not is_reconciled) as unreconciled_count,
    (select count(*) from marts.feed_freshness where coverage not in ('on_time', 'too_small')) as behind_count,
    (select coalesce(sum(row_count), 0) from marts.quarantine_summary) as refused_count

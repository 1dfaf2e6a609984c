-- Whether all that landed is accounted for, and how many feeds are behind.
select
    (select count(*) from marts.reconciliation where not is_reconciled) as unreconciled_count,
    (select count(*) from marts.feed_freshness where coverage <> 'on_time') as behind_count,
    (select coalesce(sum(row_count), 0) from marts.quarantine_summary) as refused_count

-- Whether what stands here can be believed, in one row.
select
    (select count(*) from marts.feed_freshness) as feeds,
    (select count(*) from marts.feed_freshness where coverage <> 'on_time') as late_feeds,
    (select count(*) from marts.reconciliation) as reconciled_days,
    (select count(*) from marts.reconciliation where not is_reconciled) as wrong_days,
    (select coalesce(sum(row_count), 0) from marts.quarantine_summary) as refused_rows

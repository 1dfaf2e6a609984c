-- Whether what stands here can be believed, in one row. A source that is too small to be asked is neither late nor odd.
select
    (select count(*) from marts.feed_freshness) as feeds,
    (select count(*) from marts.feed_freshness where coverage not in ('on_time', 'too_small')) as late_feeds,
    (select count(*) from marts.reconciliation) as reconciled_days,
    (select count(*) from marts.reconciliation where not is_reconciled) as wrong_days,
    (select coalesce(sum(row_count), 0) from marts.quarantine_summary) as refused_rows

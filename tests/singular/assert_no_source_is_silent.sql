-- What: no source that matters is silent, or has far fewer or far more orders than it is used to.
-- Why: customers of a till that has stopped to deliver look lost, and those of orders that came twice look like regulars.
-- It stands behind the mart that tells of it, so that a refresh which it holds builds to its end.
-- Returns the sources, with what is odd of them.
select
    source_system,
    coverage,
    delivered_until,
    awaited_on,
    missed_days,
    tolerated_days,
    odd_on,
    odd_order_count,
    typical_order_count
from {{ ref('feed_freshness') }}
where coverage in ('silent', 'collapsed', 'exploded')

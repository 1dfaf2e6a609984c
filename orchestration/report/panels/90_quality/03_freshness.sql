select source_system, entity, last_business_on, days_behind, silent_days, coverage
from marts.feed_freshness
order by days_behind desc nulls last, source_system, entity

select
    as_of_date,
    opening_count as opening,
    acquired_count as acquired,
    reactivated_count as reactivated,
    -lost_count as lost,
    -undone_count as undone,
    closing_count as closing
from marts.customer_flows
order by as_of_date

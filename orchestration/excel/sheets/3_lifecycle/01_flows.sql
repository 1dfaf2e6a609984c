select
    (as_of_date - interval 1 month)::date as calendar_month,
    opening_count as opening,
    acquired_count as acquired,
    reactivated_count as reactivated,
    lost_count as lost,
    undone_count as undone
from marts.customer_flows
where is_month_end
qualify dense_rank() over (order by as_of_date desc) <= 24
order by as_of_date

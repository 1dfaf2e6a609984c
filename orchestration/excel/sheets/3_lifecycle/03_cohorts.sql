-- Cohorts of the last 24 months; what is not over has no share.
select
    cohort_month,
    max(customer_count) as customers,
    max(retained_share) filter (where months_since = 1 and is_complete) as month_1,
    max(retained_share) filter (where months_since = 2 and is_complete) as month_2,
    max(retained_share) filter (where months_since = 3 and is_complete) as month_3,
    max(retained_share) filter (where months_since = 4 and is_complete) as month_4,
    max(retained_share) filter (where months_since = 5 and is_complete) as month_5,
    max(retained_share) filter (where months_since = 6 and is_complete) as month_6,
    max(retained_share) filter (where months_since = 9 and is_complete) as month_9,
    max(retained_share) filter (where months_since = 12 and is_complete) as month_12
from marts.cohort_retention
group by cohort_month
qualify dense_rank() over (order by cohort_month desc) <= 24
order by cohort_month

-- The latest year of cohorts: more would leave no room for the figures in the cells.
select
    cohort_month,
    months_since,
    customer_count as customers,
    retained_count as retained_customers,
    retained_share,
    cumulative_amount_per_customer
from marts.cohort_retention
where is_complete and months_since > 0 and customer_count > 0
qualify dense_rank() over (order by cohort_month desc) <= 12
order by cohort_month, months_since

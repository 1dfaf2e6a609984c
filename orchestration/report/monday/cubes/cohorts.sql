-- How many of those who first bought in a month bought in each month after it; months that are not over are left out.
select cohort_month, months_since, customer_count as cohort_people, retained_count as people
from marts.cohort_retention
where months_since between 1 and 12
    and is_complete
    and cohort_month >= (select cast(date_trunc('month', as_of_date) as date) - to_months(13) from marts.publication)
order by cohort_month, months_since

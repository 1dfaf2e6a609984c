-- The latest of the days of int_ltv_statistics, the one of which lifetime value is told: what only a fit asks for is not computed.
select
    customer_id,
    as_of_date,
    repeat_days,
    active_days,
    observed_days,
    repeat_amount,
    total_amount
from {{ ref('int_ltv_statistics') }}
where is_latest

-- Whose inactivity is to be explained: customers who look as if they had left, silent beyond the window
-- after which few come back or for long against their own rhythm.
with signals as (

    select distinct customer_id
    from {{ ref('int_churn_signals') }}
    where is_fired
        and signal in ('beyond_threshold', 'overdue')

)

select
    trends.customer_id,
    trends.as_of_date,
    trends.last_purchase_on,
    trends.days_since_last,
    trends.has_own_rhythm
from {{ ref('int_customer_trends') }} as trends
inner join signals on trends.customer_id = signals.customer_id
where trends.is_latest

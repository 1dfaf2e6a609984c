-- Whose inactivity is to be explained: the customers whose state is lost.
select
    customer_id,
    as_of_date,
    last_purchase_on,
    days_since_last,
    has_own_rhythm
from {{ ref('int_customer_trends') }} as trends
where is_latest
    and is_lost

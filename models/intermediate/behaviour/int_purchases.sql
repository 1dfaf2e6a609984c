-- A purchase is an order that is paid, not cancelled, and worth more than nothing, from the day of
-- such a state until the state changes.
select
    order_id,
    effective_from,
    effective_to,
    customer_id,
    transacted_on as ordered_on,
    net_amount
from {{ ref('int_transactions') }}
where is_purchase

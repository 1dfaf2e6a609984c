-- What: net = gross − discount − refunded − voided on every order.
-- Why: it is the identity on which every figure of revenue rests.
-- Returns the orders for which it does not hold.
select *
from {{ ref('orders') }}
where net_amount <> gross_amount - discount_amount - refunded_amount - voided_amount

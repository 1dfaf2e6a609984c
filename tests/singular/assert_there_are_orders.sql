-- What: at least one order was accepted.
-- Why: an empty landing folder, or the wrong one, must not replace the marts by empty ones.
-- Returns one row when there is none.
select count(*) as order_count
from {{ ref('int_orders') }}
having count(*) = 0

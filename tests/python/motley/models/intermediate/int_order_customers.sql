-- Nobody is linked here: the marts ask who ordered.
select order_id, account_id as customer_id, cast(null as string) as claimed_by
from {{ ref('int_orders') }}

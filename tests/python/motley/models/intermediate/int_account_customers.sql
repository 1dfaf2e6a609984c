-- Nobody is linked here: an account is a customer.
select distinct account_id, account_id as customer_id
from {{ ref('int_orders') }}
where account_id is not null

-- Whose an order is: its account says so, or else the claim of a customer.
select
    orders.order_id,
    coalesce(account_customers.customer_id, claims.customer_id) as customer_id,
    case when claims.customer_id is not null then claims.identifier_type end as claimed_by
from {{ ref('int_orders') }} as orders
left join {{ ref('int_account_customers') }} as account_customers
    on orders.account_id = account_customers.account_id
left join {{ ref('int_guest_claims') }} as claims on orders.order_id = claims.order_id

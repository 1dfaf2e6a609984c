-- The bank cards with which the orders of an account were paid.
select distinct
    orders.account_id,
    payments.card_token
from {{ accepted('payments') }} as payments
inner join {{ ref('int_orders') }} as orders on payments.order_id = orders.order_id
where payments.card_token is not null
    and orders.account_id is not null

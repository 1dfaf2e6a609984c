-- Whose an order is: its account says so, or else the card that paid for it, or the contact that was left with it.
select
    orders.order_id,
    coalesce(account_customers.customer_id, claimants.customer_id, guests.customer_id) as customer_id,
    case
        when claimants.customer_id is not null then 'card_token'
        when guests.customer_id is not null then coalesce(guests.known_by, contacts.contact_type)
    end as claimed_by,
    orders.ordered_on
from {{ ref('int_orders') }} as orders
left join {{ ref('int_account_customers') }} as account_customers on orders.account_id = account_customers.account_id
left join {{ ref('int_guest_claims') }} as claims on orders.order_id = claims.order_id
left join {{ ref('int_account_customers') }} as claimants on claims.cluster = claimants.account_id
left join {{ ref('int_buyer_contacts') }} as contacts on orders.order_id = contacts.order_id
left join {{ ref('int_account_customers') }} as guests on contacts.account_id = guests.account_id

-- What a guest left with an order, or paid it with, in the forms in which the identifiers of accounts
-- are equal.
with guest_orders as (

    select
        order_id,
        {{ normalise_phone('contact_phone') }} as phone,
        {{ email_address('contact_email') }} as address
    from {{ ref('int_orders') }}
    where account_id is null

),

contacts as (

    select order_id, 'phone' as identifier_type, phone as identifier_value
    from guest_orders
    union all
    select guest_orders.order_id, 'email', {{ canonical_email('guest_orders.address', 'rules') }}
    from guest_orders
    left join {{ ref('email_domain_rules') }} as rules
        on split_part(guest_orders.address, '@', 2) = rules.domain
    union all
    select guest_orders.order_id, 'card_token', payments.card_token
    from guest_orders
    inner join {{ accepted('payments') }} as payments on guest_orders.order_id = payments.order_id

)

select distinct
    order_id,
    identifier_type,
    identifier_value
from contacts
where identifier_value is not null

-- What the buyer left with an order, in the forms in which the identifiers of accounts are equal. A regular customer
-- leaves the same text again and again, and it is read once.
with phones as (

    select
        contact_phone,
        {{ normalise_phone('contact_phone') }} as phone
    from (select distinct contact_phone from {{ ref('int_orders') }}) as texts
    where contact_phone is not null

),

addresses as (

    select
        contact_email,
        {{ email_address('contact_email') }} as address
    from (select distinct contact_email from {{ ref('int_orders') }}) as texts
    where contact_email is not null

),

emails as (

    select
        addresses.contact_email,
        {{ canonical_email('addresses.address', 'rules') }} as email
    from addresses
    left join {{ ref('email_domain_rules') }} as rules on split_part(addresses.address, '@', 2) = rules.domain

),

canonical as (

    select
        orders.order_id,
        orders.source_system,
        orders.account_id,
        orders.ordered_on,
        phones.phone,
        emails.email
    from {{ ref('int_orders') }} as orders
    left join phones on orders.contact_phone = phones.contact_phone
    left join emails on orders.contact_email = emails.contact_email
    where orders.contact_phone is not null
        or orders.contact_email is not null

)

select
    order_id,
    source_system,
    account_id,
    ordered_on,
    'phone' as identifier_type,
    phone as identifier_value,
    email as other_contact
from canonical
where phone is not null
union all
select order_id, source_system, account_id, ordered_on, 'email', email, phone
from canonical
where email is not null

-- What the buyer left with an order, in the forms in which the identifiers of accounts are equal.
with written as (

    select
        order_id,
        source_system,
        account_id,
        ordered_on,
        {{ normalise_phone('contact_phone') }} as phone,
        {{ email_address('contact_email') }} as address
    from {{ ref('int_orders') }}
    where contact_phone is not null
        or contact_email is not null

),

canonical as (

    select
        written.*,
        {{ canonical_email('written.address', 'rules') }} as email
    from written
    left join {{ ref('email_domain_rules') }} as rules on split_part(written.address, '@', 2) = rules.domain

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

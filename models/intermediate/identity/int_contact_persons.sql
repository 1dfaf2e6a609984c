-- Who is behind a contact of which there is no record. A mailbox has the phone that most orders with it tell, and mailboxes
-- with one phone are one person, as accounts are. The strongest contact that is a customer's decides whose it is, and
-- that of the others of the person. Where these are several customers, nobody is merged: a mailbox stands for itself, and
-- a phone for nobody.
with contacts as (

    select
        contact,
        contact_type,
        min(first_on) as first_on,
        max(last_on) as last_on
    from {{ ref('int_buyer_contacts') }}
    group by contact, contact_type

),

told as (

    select
        contact,
        phone,
        phone_of_one,
        count(*) as told_count,
        sum(count(*)) over (partition by contact) as all_told_count
    from {{ ref('int_buyer_contacts') }}
    where phone is not null
    group by contact, phone, phone_of_one

),

described as (

    select
        contacts.*,
        told.phone,
        coalesce(told.phone_of_one, contacts.contact) as group_contact
    from contacts
    left join told
        on contacts.contact = told.contact
        and 2 * told.told_count > told.all_told_count

),

carried as (

    select contact, first_on, last_on, 'phone' as identifier_type, phone as identifier_value
    from described
    where phone is not null
    union all
    select contact, first_on, last_on, contact_type, contact
    from described
    where contact_type = 'email'

),

owned as (

    select
        carried.contact,
        carried.identifier_type,
        owners.cluster,
        row_number() over (
            partition by carried.contact order by owners.rank nulls last, owners.identifier_type nulls last
        ) as strength
    from carried
    inner join {{ ref('int_identifier_owners') }} as owners
        on carried.identifier_type = owners.identifier_type
        and carried.identifier_value = owners.identifier_value
    where owners.cluster is not null
        and not coalesce(
            {{ days_between(
                'least(carried.last_on, owners.last_seen_on)',
                'greatest(carried.first_on, owners.first_seen_on)',
            ) }} > owners.valid_days,
            false
        )

),

grouped as (

    select
        described.contact,
        described.contact_type,
        described.group_contact,
        owned.identifier_type,
        owned.cluster,
        min(owned.cluster) over (partition by described.group_contact) as first_cluster,
        max(owned.cluster) over (partition by described.group_contact) as last_cluster
    from described
    left join owned
        on described.contact = owned.contact
        and owned.strength = 1

)

select
    contact,
    coalesce(identifier_type, contact_type) as identifier_type,
    case
        when cluster is not null then cluster
        when first_cluster is null then group_contact
        when first_cluster = last_cluster then first_cluster
        when contact_type = 'email' then contact
    end as person
from grouped

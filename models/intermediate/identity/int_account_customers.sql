-- customer_id is a pure function of the oldest account of the person, so that it survives rebuilds, and the later
-- accounts that come and go. The contact by which a guest is known makes an account, unless its source has made one: a
-- guest who comes back is the same customer, and becomes that of an account with the contact once there is one.
with members as (

    select
        accounts.account_id,
        accounts.source_system,
        accounts.registered_on,
        lifespans.first_seen_on,
        clusters.component,
        coalesce(persons.person, clusters.cluster) as person,
        coalesce(persons.identifier_type, clusters.known_by) as known_by,
        false as is_guest
    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_account_clusters') }} as clusters on accounts.account_id = clusters.account_id
    left join {{ ref('int_account_lifespans') }} as lifespans on accounts.account_id = lifespans.account_id
    left join {{ ref('int_buyer_contacts') }} as contacts
        on accounts.account_id = contacts.account_id
        and contacts.order_id is null
    left join {{ ref('int_contact_persons') }} as persons on contacts.contact = persons.contact
    union all
    select
        contacts.account_id,
        contacts.source_system,
        cast(null as date) as registered_on,
        min(contacts.first_on) as first_seen_on,
        cast(null as string) as component,
        persons.person,
        persons.identifier_type as known_by,
        true as is_guest
    from {{ ref('int_buyer_contacts') }} as contacts
    inner join {{ ref('int_contact_persons') }} as persons on contacts.contact = persons.contact
    anti join {{ ref('int_accounts') }} as accounts on contacts.account_id = accounts.account_id
    where contacts.order_id is not null
        and persons.person is not null
    group by contacts.account_id, contacts.source_system, persons.person, persons.identifier_type

),

aged as (

    select
        members.*,
        first_value(account_id) over (
            partition by person
            order by
                is_guest nulls last, registered_on nulls last, first_seen_on nulls last,
                account_id nulls last
        ) as oldest_account_id
    from members

)

select
    account_id,
    source_system,
    component,
    known_by,
    oldest_account_id,
    {{ hash_key(['oldest_account_id']) }} as customer_id,
    is_guest,
    registered_on
from aged

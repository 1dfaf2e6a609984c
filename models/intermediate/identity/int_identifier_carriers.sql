-- Who carries an identifier: an account that has it for its own; a checkout, which is an order of a guest or an account
-- number of one day, of which a regular customer may have many; or a borrower, who has another in the record and this
-- one on orders. Cards and devices are not written on a checkout, so that their accounts count one by one.
with described as (

    select
        accounts.account_id,
        accounts.plain_name as name,
        lifespans.first_seen_on,
        lifespans.is_of_one_day
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('int_account_lifespans') }} as lifespans on accounts.account_id = lifespans.account_id

),

contacts as (

    select
        account_id,
        max(case when identifier_type = 'phone' then identifier_value end) as phone,
        max(case when identifier_type = 'email' then identifier_value end) as email
    from {{ ref('int_account_identifiers') }}
    where is_own
        and identifier_type in ('phone', 'email')
    group by account_id

),

carriers as (

    select
        identifiers.identifier_type,
        identifiers.identifier_value,
        case
            when not identifiers.is_own then 'borrower'
            when described.is_of_one_day and identifiers.identifier_type in ('phone', 'email') then 'checkout'
            else 'account'
        end as carrier,
        described.name,
        case
            when identifiers.identifier_type = 'phone' then contacts.email
            when identifiers.identifier_type = 'email' then contacts.phone
        end as other_contact,
        described.first_seen_on as seen_on
    from {{ ref('int_account_identifiers') }} as identifiers
    inner join described on identifiers.account_id = described.account_id
    left join contacts on identifiers.account_id = contacts.account_id
    union all
    select identifier_type, identifier_value, 'checkout', null, other_contact, ordered_on
    from {{ ref('int_order_contacts') }}
    where account_id is null

)

select
    identifier_type,
    identifier_value,
    carrier,
    name,
    other_contact,
    seen_on,
    count(*) as carrier_count
from carriers
group by identifier_type, identifier_value, carrier, name, other_contact, seen_on

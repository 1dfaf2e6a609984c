-- What is compared and linked: every account, but one alone of the checkouts with a number each that tell the same person
-- by the same contact. A regular customer of such a shop has thirty numbers and one mailbox: these are not accounts of
-- which a person has too many.
with checkouts as (

    select
        accounts.account_id,
        accounts.source_system,
        accounts.birth_date,
        accounts.plain_name
    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_account_lifespans') }} as lifespans on accounts.account_id = lifespans.account_id
    where lifespans.is_of_one_day
        and accounts.has_record

),

known as (

    select
        checkouts.account_id,
        max(case when identifiers.identifier_type = 'email' then identifiers.identifier_value end) as email,
        max(case when identifiers.identifier_type = 'phone' then identifiers.identifier_value end) as phone,
        max(case when identifiers.identifier_type = 'national_id' then identifiers.identifier_value end) as national_id,
        max(case when identifiers.identifier_type = 'union_id' then identifiers.identifier_value end) as union_id
    from checkouts
    inner join {{ ref('int_account_identifiers') }} as identifiers on checkouts.account_id = identifiers.account_id
    inner join {{ ref('int_identifier_verdicts') }} as verdicts
        on identifiers.identifier_type = verdicts.identifier_type
        and identifiers.identifier_value = verdicts.identifier_value
    where identifiers.is_own
        and verdicts.refusal_reason is null
    group by checkouts.account_id

),

alike as (

    select
        checkouts.account_id,
        case when known.email is not null then 'email' else 'phone' end as known_by,
        min(checkouts.account_id) over (
            partition by
                checkouts.source_system, checkouts.plain_name, checkouts.birth_date,
                known.national_id, known.union_id, coalesce(known.email, known.phone)
        ) as node
    from checkouts
    inner join known on checkouts.account_id = known.account_id
    where coalesce(known.email, known.phone) is not null

)

select
    accounts.account_id,
    accounts.has_record,
    accounts.full_name is not null as has_name,
    coalesce(alike.node, accounts.account_id) as node,
    case when alike.node <> accounts.account_id then alike.known_by end as known_by
from {{ ref('int_accounts') }} as accounts
left join alike on accounts.account_id = alike.account_id

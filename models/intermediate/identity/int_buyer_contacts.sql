-- The contact by which a buyer is known of whom there is no record: a guest whom no card tells, or a number that only
-- orders name. It is the mailbox, to which the shop writes, or else the phone, which may be of whoever receives the
-- parcel; neither where it is refused, or speaks for several customers. A phone that was silent for `valid_days` comes
-- back as another person's.
with buyers as (

    select
        contacts.order_id,
        contacts.source_system,
        cast(null as string) as account_id,
        contacts.identifier_type,
        contacts.identifier_value,
        contacts.ordered_on as first_on,
        contacts.ordered_on as last_on
    from {{ ref('int_order_contacts') }} as contacts
    anti join {{ ref('int_guest_claims') }} as claims on contacts.order_id = claims.order_id
    where contacts.account_id is null
    union all
    select
        null,
        null,
        identifiers.account_id,
        identifiers.identifier_type,
        identifiers.identifier_value,
        lifespans.first_seen_on,
        lifespans.last_seen_on
    from {{ ref('int_account_identifiers') }} as identifiers
    inner join {{ ref('int_account_clusters') }} as clusters on identifiers.account_id = clusters.account_id
    inner join {{ ref('int_account_lifespans') }} as lifespans on identifiers.account_id = lifespans.account_id
    where not clusters.is_known
        and not identifiers.is_in_record

),

allowed as (

    select
        buyers.*,
        owners.valid_days
    from buyers
    inner join {{ ref('int_identifier_owners') }} as owners
        on buyers.identifier_type = owners.identifier_type
        and buyers.identifier_value = owners.identifier_value
        and not owners.is_ambiguous

),

silences as (

    select
        allowed.*,
        case
            when {{ days_between(
                "max(last_on) over (
                    partition by identifier_type, identifier_value
                    order by first_on nulls last, account_id nulls last, order_id nulls last
                    rows between unbounded preceding and 1 preceding
                )",
                'first_on',
            ) }} > valid_days then 1
            else 0
        end as silence_count
    from allowed
    where valid_days is not null

),

numbered as (

    select
        silences.*,
        sum(silence_count) over (
            partition by identifier_type, identifier_value
            order by first_on nulls last, account_id nulls last, order_id nulls last
            rows between unbounded preceding and current row
        ) as former_owner_count
    from silences
    union all
    select
        allowed.*,
        0,
        0
    from allowed
    where valid_days is null

),

known as (

    select
        order_id,
        account_id,
        max(source_system) as source_system,
        max(case when identifier_type = 'email' then identifier_value end) as email,
        max(case when identifier_type = 'phone' then identifier_value end) as phone,
        max(case
            when identifier_type = 'phone' and former_owner_count > 0
                then identifier_value || ' ' || cast(former_owner_count as string)
            when identifier_type = 'phone' then identifier_value
        end) as phone_of_one,
        min(first_on) as first_on,
        max(last_on) as last_on
    from numbered
    group by order_id, account_id

)

select
    order_id,
    coalesce(account_id, source_system || ':' || {{ contact_hash('coalesce(email, phone_of_one)') }}) as account_id,
    source_system,
    case when email is not null then 'email' else 'phone' end as contact_type,
    coalesce(email, phone_of_one) as contact,
    phone,
    phone_of_one,
    first_on,
    last_on
from known

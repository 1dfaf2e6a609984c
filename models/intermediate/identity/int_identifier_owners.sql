-- Whose an identifier is that may tell who a guest is: of the accounts that have it for their own, or else of those with
-- it on their orders, where these are one customer. Where they are several it speaks for none.
with carried as (

    select
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.is_own,
        bool_or(identifiers.is_own) over (
            partition by identifiers.identifier_type, identifiers.identifier_value
        ) as has_owner,
        clusters.cluster,
        lifespans.first_seen_on,
        lifespans.last_seen_on
    from {{ ref('int_account_identifiers') }} as identifiers
    inner join {{ ref('int_account_clusters') }} as clusters on identifiers.account_id = clusters.account_id
    left join {{ ref('int_account_lifespans') }} as lifespans on identifiers.account_id = lifespans.account_id
    where clusters.is_known
        or identifiers.is_in_record

),

owned as (

    select
        identifier_type,
        identifier_value,
        min(cluster) as cluster,
        count(distinct cluster) > 1 as is_ambiguous,
        min(first_seen_on) as first_seen_on,
        max(last_seen_on) as last_seen_on
    from carried
    where is_own or not has_owner
    group by identifier_type, identifier_value

)

select
    verdicts.identifier_type,
    verdicts.identifier_value,
    rules.rank,
    rules.valid_days,
    case when not owned.is_ambiguous then owned.cluster end as cluster,
    coalesce(owned.is_ambiguous, false) as is_ambiguous,
    owned.first_seen_on,
    owned.last_seen_on
from {{ ref('int_identifier_verdicts') }} as verdicts
inner join {{ ref('identifier_rules') }} as rules on verdicts.identifier_type = rules.identifier_type
left join owned
    on verdicts.identifier_type = owned.identifier_type
    and verdicts.identifier_value = owned.identifier_value
where verdicts.refusal_reason is null
    and rules.links_guests

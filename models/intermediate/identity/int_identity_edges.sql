-- A star for each identifier: its first account with each of the others, never all pairs.
with identifiers as (

    select * from {{ ref('int_account_identifiers') }}

),

verdicts as (

    select * from {{ ref('int_identifier_verdicts') }}

),

stars as (

    select
        identifiers.account_id,
        identifiers.identifier_type,
        min(identifiers.account_id) over (
            partition by identifiers.identifier_type, identifiers.identifier_value
        ) as first_account_id
    from identifiers
    inner join verdicts
        on identifiers.identifier_type = verdicts.identifier_type
        and identifiers.identifier_value = verdicts.identifier_value
    where verdicts.refusal_reason is null
        and verdicts.account_count > 1

),

edges as (

    select distinct
        first_account_id,
        account_id,
        identifier_type
    from stars
    where first_account_id <> account_id

)

select * from edges

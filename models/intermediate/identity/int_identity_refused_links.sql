with identifiers as (

    select * from {{ ref('int_account_identifiers') }}

),

verdicts as (

    select * from {{ ref('int_identifier_verdicts') }}

),

refused as (

    select
        identifiers.account_id,
        identifiers.identifier_type,
        identifiers.identifier_value,
        verdicts.account_count,
        verdicts.refusal_reason
    from identifiers
    inner join verdicts
        on identifiers.identifier_type = verdicts.identifier_type
        and identifiers.identifier_value = verdicts.identifier_value
    where verdicts.refusal_reason is not null

)

select * from refused

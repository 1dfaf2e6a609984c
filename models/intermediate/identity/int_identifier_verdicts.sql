-- An identifier that joins more accounts than its type may, or that clerks type in place of one,
-- joins nobody.
with identifiers as (

    select * from {{ ref('int_account_identifiers') }}

),

rules as (

    select * from {{ ref('identifier_rules') }}

),

placeholders as (

    select * from {{ ref('identifier_placeholders') }}

),

counted as (

    select
        identifier_type,
        identifier_value,
        count(*) as account_count
    from identifiers
    group by identifier_type, identifier_value

),

judged as (

    select
        counted.*,
        case
            when placeholders.identifier_value is not null then 'placeholder'
            when counted.account_count > rules.max_accounts then 'shared_by_too_many'
        end as refusal_reason
    from counted
    inner join rules on counted.identifier_type = rules.identifier_type
    left join placeholders
        on counted.identifier_type = placeholders.identifier_type
        and counted.identifier_value = placeholders.identifier_value

)

select * from judged

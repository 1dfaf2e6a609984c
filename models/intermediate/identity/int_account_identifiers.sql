-- Each identifier in the one form in which the same person's identifiers are equal.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

normalised as (

    select account_id, 'member_number' as identifier_type, {{ upper_ascii('member_number') }} as identifier_value
    from accounts
    union all
    select account_id, 'union_id', union_id from accounts
    union all
    select account_id, 'phone', {{ normalise_phone('phone') }} from accounts
    union all
    select account_id, 'email', case when email like '%_@_%.%' then {{ lower_ascii('email') }} end from accounts

),

identifiers as (

    select distinct
        account_id,
        identifier_type,
        identifier_value
    from normalised
    where identifier_value is not null
        and identifier_value <> '0'

)

select * from identifiers

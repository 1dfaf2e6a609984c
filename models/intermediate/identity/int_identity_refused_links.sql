-- What was delivered as an identifier and links nobody: refused by a verdict, or without a form in which
-- it could equal another. A zero stands for nothing, and is not missed.
with delivered as (

    select account_id, 'phone' as identifier_type, phone as identifier_value from {{ ref('int_accounts') }}
    union all
    select account_id, 'email', email from {{ ref('int_accounts') }}

)

select
    identifiers.account_id,
    identifiers.identifier_type,
    identifiers.identifier_value,
    verdicts.account_count,
    verdicts.refusal_reason
from {{ ref('int_account_identifiers') }} as identifiers
inner join {{ ref('int_identifier_verdicts') }} as verdicts
    on identifiers.identifier_type = verdicts.identifier_type
    and identifiers.identifier_value = verdicts.identifier_value
where verdicts.refusal_reason is not null
union all
select
    delivered.account_id,
    delivered.identifier_type,
    delivered.identifier_value,
    cast(null as bigint) as account_count,
    'unreadable' as refusal_reason
from delivered
anti join {{ ref('int_account_identifiers') }} as identifiers
    on delivered.account_id = identifiers.account_id
    and delivered.identifier_type = identifiers.identifier_type
where delivered.identifier_value <> '0'

-- Identifiers that may link their accounts, with how many accounts carry them: no verdict refuses them.
select
    identifiers.account_id,
    identifiers.identifier_type,
    identifiers.identifier_value,
    verdicts.account_count
from {{ ref('int_account_identifiers') }} as identifiers
inner join {{ ref('int_identifier_verdicts') }} as verdicts
    on identifiers.identifier_type = verdicts.identifier_type
    and identifiers.identifier_value = verdicts.identifier_value
where verdicts.refusal_reason is null

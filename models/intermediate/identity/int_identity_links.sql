select
    account_id,
    other_account_id,
    link_type,
    identifier_types,
    match_weight
from {{ ref('int_identity_judgements') }}
where refusal_reason is null

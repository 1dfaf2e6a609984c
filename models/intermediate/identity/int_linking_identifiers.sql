-- Identifiers that may link accounts, with how many accounts carry them: no verdict refuses them. Whoever is nothing but
-- a number on orders is known by the contacts on them without being linked (int_contact_persons).
with allowed as (

    select
        identifiers.account_id,
        identifiers.identifier_type,
        identifiers.identifier_value,
        identifiers.is_in_record,
        nodes.has_name
    from {{ ref('int_account_identifiers') }} as identifiers
    inner join {{ ref('int_identifier_verdicts') }} as verdicts
        on identifiers.identifier_type = verdicts.identifier_type
        and identifiers.identifier_value = verdicts.identifier_value
    inner join {{ ref('int_account_nodes') }} as nodes
        on identifiers.account_id = nodes.account_id
        and nodes.account_id = nodes.node
    where verdicts.refusal_reason is null
        and identifiers.is_own
        and (nodes.has_record or identifiers.is_in_record)

)

select
    allowed.*,
    count(*) over (partition by identifier_type, identifier_value) as account_count
from allowed

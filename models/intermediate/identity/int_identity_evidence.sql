-- What the shared identifiers of two accounts weigh, of which none has expired.
select
    shared.account_id,
    shared.other_account_id,
    {{ join_array('case when not shared.is_expired then shared.identifier_type end', ', ') }} as identifier_types,
    {{ join_array('shared.identifier_type', ', ') }} as all_identifier_types,
    coalesce(sum(rules.evidence_weight) filter (where not shared.is_expired), 0) as evidence_weight,
    bool_or(rules.links_alone and not shared.is_expired and not shared.must_be_weighed) as links_alone,
    bool_and(shared.is_expired) as is_expired
from {{ ref('int_identity_shared_identifiers') }} as shared
inner join {{ ref('identifier_rules') }} as rules on shared.identifier_type = rules.identifier_type
group by shared.account_id, shared.other_account_id

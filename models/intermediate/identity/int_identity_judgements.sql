-- Whether two accounts are one person, and why. A person's decision comes first, then what
-- contradicts, then the identifiers, then the weight of everything. Names alone link nobody.
with weighed as (

    select
        coalesce(scores.account_id, decisions.account_id) as account_id,
        coalesce(scores.other_account_id, decisions.other_account_id) as other_account_id,
        decisions.decision,
        scores.contradiction,
        scores.names_alone and evidence.identifier_types is null as names_alone,
        evidence.identifier_types,
        coalesce(evidence.links_alone, false) as shares_identifier,
        coalesce(evidence.is_expired, false) as is_expired,
        coalesce(scores.match_weight, 0) + coalesce(evidence.evidence_weight, 0) as match_weight
    from {{ ref('int_identity_predictions') }} as scores
    left join {{ ref('int_identity_evidence') }} as evidence
        on scores.account_id = evidence.account_id
        and scores.other_account_id = evidence.other_account_id
    full join {{ ref('int_identity_overrides') }} as decisions
        on scores.account_id = decisions.account_id
        and scores.other_account_id = decisions.other_account_id

)

select
    account_id,
    other_account_id,
    identifier_types,
    match_weight,
    case
        when decision = 'must_not_link' then 'manual_decision'
        when decision = 'must_link' then null
        when {{ is_contradicted('contradiction', 'match_weight') }} then contradiction
        when names_alone then 'names_alone'
        when match_weight >= {{ var('link_threshold') }} then null
        when is_expired then 'identifier_expired'
        when shares_identifier and match_weight < {{ var('shared_identifier_threshold') }}
            then 'all_else_differs'
        when not shares_identifier then 'too_little_evidence'
    end as refusal_reason,
    case
        when decision = 'must_link' then 'manual_decision'
        when shares_identifier then 'identifier'
        else 'probabilistic'
    end as link_type
from weighed

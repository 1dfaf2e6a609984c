-- What did not link accounts although it might have: identifiers that link nobody, pairs that share one or
-- weigh enough and were refused all the same, and links that were cut. Pairs that were only compared are
-- no news.
with refused as (

    select
        account_id,
        cast(null as string) as other_account_id,
        identifier_type as identifier_types,
        refusal_reason as reason_code,
        max(account_count) as account_count,
        cast(null as decimal(18,2)) as match_weight
    from {{ ref('int_identity_refused_links') }} as identifiers
    group by account_id, identifier_type, refusal_reason
    union all
    select
        judgements.account_id,
        judgements.other_account_id,
        evidence.all_identifier_types,
        judgements.refusal_reason,
        cast(null as bigint),
        {{ round_half_up('judgements.match_weight', 2) }}
    from {{ ref('int_identity_judgements') }} as judgements
    left join {{ ref('int_identity_evidence') }} as evidence
        on judgements.account_id = evidence.account_id
        and judgements.other_account_id = evidence.other_account_id
    where judgements.refusal_reason is not null
        and (
            evidence.all_identifier_types is not null
            or judgements.match_weight >= {{ var('link_threshold') }}
            or judgements.refusal_reason = 'manual_decision'
        )
    union all
    select
        account_id,
        other_account_id,
        identifier_types,
        'cut_from_group',
        cast(null as bigint),
        match_weight
    from {{ ref('identity_links') }} as links
    where is_cut

)

select
    refused.account_id,
    refused.other_account_id,
    refused.identifier_types,
    refused.reason_code,
    reasons.reason_en,
    reasons.reason_zh,
    refused.account_count,
    refused.match_weight
from refused
left join {{ ref('identity_reasons') }} as reasons on refused.reason_code = reasons.reason_code

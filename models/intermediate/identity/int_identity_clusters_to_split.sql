-- Groups of linked accounts that may be more than one person: what is here is looked at link by link.
with forbidden as (

    select distinct components.component
    from {{ ref('int_identity_overrides') }} as decisions
    inner join {{ ref('int_identity_components') }} as components on decisions.account_id = components.node
    where decisions.decision = 'must_not_link'

)

select described.component
from {{ ref('int_identity_groups') }} as described
left join forbidden on described.component = forbidden.component
where described.account_count > {{ var('identity_max_accounts') }}
    or described.national_id_count > 1
    or described.union_id_count > 1
    or described.given_hanzi_count > 1
    or (described.birth_date_count > 1 and described.given_name_count > 1)
    or forbidden.component is not null

-- Groups of linked accounts that a person should look at, with what is odd about them. The density is the
-- share of the group's pairs that are linked: accounts of one person tend to share one thing or another pair
-- by pair, those of several hang together by single links.
{%- set contradictions = identity_contradictions().keys() | join("', '") %}

with customers as (

    select
        components.component,
        count(distinct account_customers.customer_id) as customer_count,
        {{ join_array('account_customers.customer_id', ', ') }} as customer_ids
    from {{ ref('int_identity_components') }} as components
    inner join {{ ref('int_account_customers') }} as account_customers
        on components.node = account_customers.account_id
    group by components.component

),

linked as (

    select
        components.component,
        count(*) as link_count,
        min(links.match_weight) as weakest_weight
    from {{ ref('identity_links') }} as links
    inner join {{ ref('int_identity_components') }} as components on links.account_id = components.node
    where links.link_type <> 'order_contact'
    group by components.component

),

described as (

    select
        linked_groups.*,
        customers.customer_count,
        customers.customer_ids,
        linked.link_count,
        linked.weakest_weight,
        cast(linked.link_count as double) / (linked_groups.account_count * (linked_groups.account_count - 1) / 2) as density
    from {{ ref('int_identity_groups') }} as linked_groups
    inner join customers on linked_groups.component = customers.component
    inner join linked on linked_groups.component = linked.component

),

found as (

    select component, 'too_many_accounts' as reason_code
    from described
    where account_count > {{ var('identity_max_accounts') }}
    union all
    select component, 'sparse' from described where density < {{ var('identity_review_density') }}
    union all
    select component, 'cut_from_group' from described where customer_count > 1
    union all
    select component, 'other_national_id' from described where national_id_count > 1
    union all
    select component, 'other_union_id' from described where union_id_count > 1
    union all
    select components.component, judgements.refusal_reason
    from {{ ref('int_identity_judgements') }} as judgements
    inner join {{ ref('int_identity_components') }} as components on judgements.account_id = components.node
    inner join {{ ref('int_identity_components') }} as others
        on judgements.other_account_id = others.node
        and components.component = others.component
    where judgements.refusal_reason in ('manual_decision', '{{ contradictions }}')

),

reasons as (

    select
        component,
        {{ join_array('reason_code', ', ') }} as reason_codes
    from found
    group by component

)

select
    {{ hash_key(['described.component']) }} as review_id,

    described.customer_ids,
    reasons.reason_codes,

    described.account_count,
    described.customer_count,
    described.link_count,
    described.density,
    described.weakest_weight,

    described.customer_count > 1 as is_cut
from described
inner join reasons on described.component = reasons.component

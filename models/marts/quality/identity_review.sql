-- Groups of linked accounts that a person should look at, with what is odd about them. The density is the
-- share of the group's pairs that are linked: accounts of one person tend to share one thing or another pair
-- by pair, those of several hang together by single links.
{%- set contradictions = identity_contradictions().keys() | join("', '") %}

with components as (

    select * from {{ ref('int_identity_components') }}

),

account_customers as (

    select * from {{ ref('int_account_customers') }}

),

features as (

    select * from {{ ref('int_account_features') }}

),

links as (

    select * from {{ ref('identity_links') }}

),

judgements as (

    select * from {{ ref('int_identity_judgements') }}

),

members as (

    select
        components.component,
        count(*) as account_count,
        count(distinct account_customers.customer_id) as customer_count,
        {{ join_array('account_customers.customer_id', ', ') }} as customer_ids,
        count(distinct features.national_id) as national_id_count,
        count(distinct features.union_id) as union_id_count
    from components
    inner join account_customers on components.node = account_customers.account_id
    inner join features on components.node = features.account_id
    group by components.component

),

linked as (

    select
        components.component,
        count(*) as link_count,
        min(links.match_weight) as weakest_weight
    from links
    inner join components on links.account_id = components.node
    group by components.component

),

described as (

    select
        members.*,
        linked.link_count,
        linked.weakest_weight,
        cast(linked.link_count as double) / (members.account_count * (members.account_count - 1) / 2) as density
    from members
    inner join linked on members.component = linked.component

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
    from judgements
    inner join components on judgements.account_id = components.node
    inner join components as others
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

),

reviewed as (

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

)

select * from reviewed

-- depends_on: {{ ref('int_account_features') }}, {{ ref('int_identity_decisions') }}
-- The links of suspect groups, the strongest first; the materialization finds the parts that may stay
-- together (macros/materializations).
with links as (

    select * from {{ ref('int_identity_links') }}

),

components as (

    select * from {{ ref('int_identity_components') }}

),

suspects as (

    select * from {{ ref('int_identity_suspects') }}

),

ranked as (

    select
        links.account_id,
        links.other_account_id,
        links.match_weight,
        links.link_type = 'manual_decision' as is_forced,
        row_number() over (
            order by
                links.link_type = 'manual_decision' desc nulls last,
                links.match_weight desc nulls last,
                links.account_id nulls last,
                links.other_account_id nulls last
        ) as link_rank
    from links
    inner join components on links.account_id = components.node
    inner join suspects on components.component = suspects.component

)

select * from ranked

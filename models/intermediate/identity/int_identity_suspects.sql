-- Groups of linked accounts that may be more than one person: what is here is looked at link by link.
with components as (

    select * from {{ ref('int_identity_components') }}

),

features as (

    select * from {{ ref('int_account_features') }}

),

decisions as (

    select * from {{ ref('int_identity_decisions') }}

),

described as (

    select
        components.component,
        count(*) as account_count,
        count(distinct features.national_id) as national_id_count,
        count(distinct features.union_id) as union_id_count,
        count(distinct features.birth_date) as birth_date_count,
        count(distinct features.given_name) as given_name_count,
        count(distinct features.given_hanzi) as given_hanzi_count
    from components
    inner join features on components.node = features.account_id
    group by components.component

),

forbidden as (

    select distinct components.component
    from decisions
    inner join components on decisions.account_id = components.node
    where decisions.decision = 'must_not_link'

),

suspects as (

    select described.component
    from described
    left join forbidden on described.component = forbidden.component
    where described.account_count > {{ var('identity_max_accounts') }}
        or described.national_id_count > 1
        or described.union_id_count > 1
        or described.given_hanzi_count > 1
        or (described.birth_date_count > 1 and described.given_name_count > 1)
        or forbidden.component is not null

)

select * from suspects

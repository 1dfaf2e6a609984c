-- customer_id is a pure function of the oldest account of the group, so that it survives rebuilds,
-- and the later accounts that come and go.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

components as (

    select * from {{ ref('int_identity_components') }}

),

clusters as (

    select * from {{ ref('int_identity_clusters') }}

),

grouped as (

    select
        accounts.account_id,
        accounts.registered_on,
        components.component,
        coalesce(clusters.cluster, components.component, accounts.account_id) as cluster
    from accounts
    left join components on accounts.account_id = components.node
    left join clusters on accounts.account_id = clusters.account_id

),

aged as (

    select
        grouped.*,
        first_value(account_id) over (
            partition by cluster order by registered_on nulls last, account_id nulls last
        ) as oldest_account_id
    from grouped

),

identified as (

    select
        account_id,
        component,
        cluster,
        oldest_account_id,
        {{ hash_key(['oldest_account_id']) }} as customer_id
    from aged

)

select * from identified

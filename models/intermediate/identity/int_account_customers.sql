-- customer_id is a pure function of the oldest account of the group, so that it survives rebuilds,
-- and the later accounts that come and go.
with grouped as (

    select
        accounts.account_id,
        accounts.registered_on,
        components.component,
        coalesce(clusters.cluster, components.component, accounts.account_id) as cluster
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('int_identity_components') }} as components on accounts.account_id = components.node
    left join {{ ref('int_identity_clusters') }} as clusters on accounts.account_id = clusters.account_id

),

aged as (

    select
        grouped.*,
        first_value(account_id) over (
            partition by cluster order by registered_on nulls last, account_id nulls last
        ) as oldest_account_id
    from grouped

)

select
    account_id,
    component,
    cluster,
    oldest_account_id,
    {{ hash_key(['oldest_account_id']) }} as customer_id
from aged

-- By what an account is linked to others of the same customer; links that were cut don't count.
with kept as (

    select
        links.account_id,
        links.other_account_id,
        coalesce(shared.identifier_type, links.link_type) as linked_by
    from {{ ref('int_identity_links') }} as links
    inner join {{ ref('int_account_customers') }} as account_customers
        on links.account_id = account_customers.account_id
    inner join {{ ref('int_account_customers') }} as others
        on links.other_account_id = others.account_id
        and account_customers.customer_id = others.customer_id
    left join {{ ref('int_identity_shared_identifiers') }} as shared
        on links.account_id = shared.account_id
        and links.other_account_id = shared.other_account_id
        and not shared.is_expired

),

ends as (

    select account_id, linked_by from kept
    union all
    select other_account_id, linked_by from kept
    union all
    -- By what a guest or a checkout is known, which is never compared.
    select account_id, known_by
    from {{ ref('int_account_customers') }}
    where account_id <> oldest_account_id
        and known_by is not null

)

select
    account_id,
    {{ join_array('linked_by', ', ') }} as linked_by
from ends
group by account_id

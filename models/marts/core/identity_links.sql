-- Pairs that were compared, and guests and checkouts that are known by a contact: these are linked to the oldest
-- account of their customer without being compared.
select
    links.account_id,
    links.other_account_id,
    case
        when account_customers.customer_id = others.customer_id then account_customers.customer_id
    end as customer_id,
    links.link_type,
    links.identifier_types,
    {{ round_half_up('links.match_weight', 2) }} as match_weight,
    account_customers.customer_id <> others.customer_id as is_cut
from {{ ref('int_identity_links') }} as links
inner join {{ ref('int_account_customers') }} as account_customers
    on links.account_id = account_customers.account_id
inner join {{ ref('int_account_customers') }} as others on links.other_account_id = others.account_id
union all
select
    least(account_id, oldest_account_id) as account_id,
    greatest(account_id, oldest_account_id) as other_account_id,
    customer_id,
    'order_contact' as link_type,
    known_by as identifier_types,
    cast(null as decimal(18,2)) as match_weight,
    false as is_cut
from {{ ref('int_account_customers') }}
where known_by is not null
    and account_id <> oldest_account_id

-- Pairs of accounts are counted from the sizes of groups, n × (n − 1) / 2 of each, and not formed.
-- An account counts only where both sides know it: the truth can't judge one that was inferred from
-- orders, and the marts can't link one that was refused. It knows nothing of those that guests make.
with accounts as (
    select
        truth.person_id,
        published.customer_id,
        truth.account_id is not null as is_known,
        published.account_id is not null as is_published
    from truth_accounts as truth
    full join (from marts.customer_accounts where not is_guest) as published
        on truth.account_id = published.account_id
),

groups as (
    select
        grouping(person_id) = 0 as has_person,
        grouping(customer_id) = 0 as has_customer,
        count(*) * (count(*) - 1) // 2 as pairs
    from accounts
    where is_known and is_published
    group by grouping sets ((person_id), (customer_id), (person_id, customer_id))
),

pairs as (
    select
        coalesce(sum(pairs) filter (where not has_person), 0)::bigint as linked_pairs,
        coalesce(sum(pairs) filter (where not has_customer), 0)::bigint as true_pairs,
        coalesce(sum(pairs) filter (where has_person and has_customer), 0)::bigint as common_pairs
    from groups
),

counts as (
    select
        count(*) filter (where is_known and is_published) as compared_accounts,
        count(*) filter (where not is_known) as unknown_accounts,
        count(*) filter (where not is_published) as unpublished_accounts
    from accounts
)

select
    *,
    common_pairs / nullif(linked_pairs, 0) as precision,
    common_pairs / nullif(true_pairs, 0) as recall,
    2 * common_pairs / nullif(linked_pairs + true_pairs, 0) as f1
from counts cross join pairs

-- What precision and recall would be, did links need more weight. Links by identifiers stay at every
-- threshold, those that were cut are in none; customers are what still hangs together.
with recursive thresholds as (
    select unnest([3, 5, 8, 12, 16, 20]) as threshold
),

links as (
    select threshold, account_id, other_account_id
    from marts.identity_links cross join thresholds
    where not is_cut and (link_type <> 'probabilistic' or match_weight >= threshold)
),

steps as (
    select threshold, account_id, other_account_id from links
    union all
    select threshold, other_account_id, account_id from links
),

reached as (
    select threshold, account_id, account_id as reached_id
    from marts.customer_accounts cross join thresholds
    union
    select reached.threshold, reached.account_id, steps.other_account_id
    from reached
    inner join steps
        on reached.threshold = steps.threshold and reached.reached_id = steps.account_id
),

customers as (
    select threshold, account_id, min(reached_id) as customer_id
    from reached
    group by threshold, account_id
),

groups as (
    select
        threshold,
        grouping(person_id) = 0 as has_person,
        grouping(customer_id) = 0 as has_customer,
        count(*) * (count(*) - 1) // 2 as pairs
    from customers inner join truth_accounts using (account_id)
    group by grouping sets (
        (threshold, person_id), (threshold, customer_id), (threshold, person_id, customer_id)
    )
),

pairs as (
    select
        threshold,
        coalesce(sum(pairs) filter (where not has_person), 0)::bigint as linked_pairs,
        coalesce(sum(pairs) filter (where not has_customer), 0)::bigint as true_pairs,
        coalesce(sum(pairs) filter (where has_person and has_customer), 0)::bigint as common_pairs
    from groups
    group by threshold
)

select
    *,
    common_pairs / nullif(linked_pairs, 0) as precision,
    common_pairs / nullif(true_pairs, 0) as recall,
    2 * common_pairs / nullif(linked_pairs + true_pairs, 0) as f1
from pairs
order by threshold

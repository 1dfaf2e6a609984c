"""What a demo world knows to be true of its data, beside what the marts say of it.

The truth lies beside the data, as Parquet in one folder. Only the report reads it, never a model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import literal_path, rows

# Each file under the name by which the queries know it.
FILES = {
    "truth_accounts": "person_accounts.parquet",
    "truth_quarantine": "expected_quarantine.parquet",
}

# Pairs of accounts are counted from the sizes of groups, n × (n − 1) / 2 of each, and not formed.
# An account counts only where both sides know it: the truth can't judge one that was inferred from
# orders, and the marts can't link one that was refused.
IDENTITY = """
with accounts as (
    select
        truth.person_id,
        published.customer_id,
        truth.account_id is not null as is_known,
        published.account_id is not null as is_published
    from truth_accounts as truth
    full join marts.customer_accounts as published on truth.account_id = published.account_id
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
"""

# What precision and recall would be, did links need more weight. Links by identifiers stay at every
# threshold, those that were cut are in none; customers are what still hangs together.
IDENTITY_THRESHOLDS = """
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
"""

# A refresh of some sources alone can't find what was planted in the others.
PLANTED_FAULTS = """
with counted as (
    select source_system, entity, caught_at, reason_code, row_count as planted, 0 as found
    from truth_quarantine
    where source_system in (select source_system from marts.reconciliation)
    union all
    select source_system, entity, caught_at, reason_code, 0, row_count
    from marts.quarantine_summary
),

names as (
    select reason_code, max(reason_en) as reason_en, max(reason_zh) as reason_zh
    from marts.quarantine_summary
    group by reason_code
)

select
    source_system,
    entity,
    caught_at,
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    sum(planted)::bigint as planted,
    sum(found)::bigint as found,
    sum(planted) = sum(found) as is_equal
from counted left join names using (reason_code)
group by source_system, entity, caught_at, reason_code
having sum(planted) > 0 or sum(found) > 0
order by is_equal, source_system, entity, caught_at, reason_code
"""

_KNOWS_SOME = """
select exists (from truth_accounts semi join marts.customer_accounts using (account_id))
"""


def tell(connection: duckdb.DuckDBPyConnection, truth: Path | None) -> frozenset[str]:
    """Lets the connection see the truth on its marts, as temporary views; returns their names.

    None of them when the marts hold no account that the truth knows: it is not about them.
    """
    if truth is None or not (truth / FILES["truth_accounts"]).exists():
        return frozenset()
    present = frozenset(name for name, file in FILES.items() if (truth / file).exists())
    for name in present:
        _show(connection, truth, name)
    [(knows_some,)] = connection.execute(_KNOWS_SOME).fetchall()
    return present if knows_some else frozenset()


def identity_quality(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[str, Any]:
    """How well `marts.customer_accounts` of the connection agrees with the truth on who is who.

    `linked_pairs` are pairs of accounts of one customer, `true_pairs` of one person,
    `common_pairs` of both. `precision`, `recall` and `f1` lie from 0 to 1, and are None where there
    is no pair to judge. `compared_accounts` are known to both; `unknown_accounts`, which only the
    marts know, and `unpublished_accounts`, which only the truth knows, count in no pair.
    """
    _show(connection, truth, "truth_accounts")
    [quality] = rows(connection, IDENTITY)
    return quality


def _show(connection: duckdb.DuckDBPyConnection, truth: Path, name: str) -> None:
    file = literal_path(truth / FILES[name])
    connection.execute(f"create or replace temp view {name} as from read_parquet({file})")

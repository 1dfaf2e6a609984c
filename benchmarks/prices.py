"""Whether planted elasticities, and what leaflets did, lie in the intervals that are published.

`make proof` builds five demo worlds, whose truth is known, and writes
its table of `docs/merchandise.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.built import beside_truth, fitted_world
from benchmarks.page import between_marks
from orchestration.duck import literal
from orchestration.project import ROOT
from orchestration.world import World

PAGE = ROOT / "docs" / "merchandise.md"
SEEDS = (7, 3, 2, 4, 5)
MARTS = ("promotion_effects", "category_price_elasticity")
# By name: what is true, and the columns of the mart that say it.
EFFECTS = {
    "lift": ("lift_units", "lift"),
    "pulled forward": ("pulled_forward_units", "pulled_forward"),
    "taken": ("taken_units", "taken"),
}


@dataclass(frozen=True)
class Coverage:
    """How many numbers are true, how many of them lie inside the interval, and both totals."""

    count: int
    inside: int
    true_total: float
    total: float

    @property
    def share(self) -> float:
        return self.inside / self.count


def compared(connection: duckdb.DuckDBPyConnection, truth: Path) -> Mapping[str, Coverage]:
    """The marts of the attached warehouse beside the truth, by what is compared."""
    promotions, elasticities = (
        f"read_parquet({literal(truth / f'{name}.parquet')})"
        for name in ("promotions", "elasticities")
    )
    found = {
        name: _coverage(
            connection,
            f"{promotions} as truth inner join warehouse.marts.promotion_effects"
            " using (promotion_id, category)",
            *(f"truth.{true}", f"{ours}_quantity"),
            *(f"{ours}_low_quantity", f"{ours}_high_quantity"),
        )
        for name, (true, ours) in EFFECTS.items()
    }
    found["elasticities"] = _coverage(
        connection,
        f"{elasticities} as truth inner join warehouse.marts.category_price_elasticity as ours"
        " using (category)",
        *("truth.elasticity", "ours.elasticity", "elasticity_low", "elasticity_high"),
    )
    return found


def _coverage(
    connection: duckdb.DuckDBPyConnection, pairs: str, true: str, ours: str, low: str, high: str
) -> Coverage:
    [row] = connection.execute(
        f"select count(*), count(*) filter ({true} between {low} and {high}),"
        f" sum({true})::double, sum({ours})::double from {pairs}"
    ).fetchall()
    return Coverage(*row)


def measure(seed: int, folder: Path) -> Mapping[str, Coverage]:
    """A demo world, built as far as prices, fitted, and built again with what was fitted."""
    # The fit says of how many customers it is.
    upstream = ("+int_customers", *(f"+{mart}" for mart in MARTS))
    refresh = fitted_world(World(2_500, 730, seed), folder, "prices", upstream, MARTS)
    return beside_truth(refresh, compared)


def table(found: Mapping[int, Mapping[str, Coverage]]) -> str:
    """A line for each world: how many true numbers lie inside, and the totals beside each other."""
    heads = [f"{name} inside" for name in ("elasticities", *EFFECTS)]
    heads += [f"{name}, units: true / ours" for name in EFFECTS]
    lines = [f"| world | {' | '.join(heads)} |\n|---|{'--:|' * len(heads)}\n"]
    for seed, coverages in found.items():
        figures = [
            f"{each.inside} of {each.count}"
            for each in (coverages[name] for name in ("elasticities", *EFFECTS))
        ]
        figures += [
            f"{each.true_total:,.0f} / {each.total:,.0f}"
            for each in (coverages[name] for name in EFFECTS)
        ]
        lines.append(f"| seed {seed} | {' | '.join(figures)} |\n")
    return "".join(lines)


def main() -> None:
    found = {}
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
            found[seed] = measure(seed, Path(folder))
    PAGE.write_text(between_marks(PAGE.read_text("utf-8"), table(found), "prices"), "utf-8")
    print(f"Wrote {len(found)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

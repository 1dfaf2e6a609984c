"""How near what follows a complaint, by `service_effects`, comes to what is true of the demo world.

`make proof` measures anew, and writes the table of `docs/service.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.built import beside_truth, built_world
from benchmarks.page import between_marks
from orchestration.duck import literal, rows
from orchestration.project import ROOT

PAGE = ROOT / "docs" / "service.md"
SEEDS = (7, 3, 11)

# The true mean is of the complaints whose days are over, as the mart looks at no others.
COMPARISON = """
with truth as (
    select
        case when grouping(truth.reason) = 1 then 'all' else truth.reason end as reason,
        avg(truth.repurchase_effect) as true_effect
    from {truth} as truth
    semi join {purchases} as purchases on truth.order_id = purchases.order_id
    group by grouping sets ((truth.reason), ())
)

select
    reason,
    true_effect,
    difference,
    low_difference,
    high_difference,
    ticket_count,
    matched_ticket_count,
    (
        select max(abs(matched_deviations)) from {effects} as balance
        where balance.reason = found.reason and balance.measure_role = 'balance'
    ) as imbalance
from {effects} as found
inner join truth using (reason)
where measure = 'repurchase' and matched_ticket_count > 1
order by reason = 'all' desc, reason
"""


@dataclass(frozen=True)
class Comparison:
    """Of one reason: what complaints truly did to the share that buys again, and what is found."""

    reason: str
    true_effect: float
    difference: float
    low_difference: float
    high_difference: float
    ticket_count: int
    matched_ticket_count: int
    imbalance: float

    @property
    def is_inside(self) -> bool:
        return self.low_difference <= self.true_effect <= self.high_difference


def compare(
    connection: duckdb.DuckDBPyConnection, truth: Path, warehouse: str = "warehouse."
) -> list[Comparison]:
    """What is found beside what is true, all reasons together first."""
    query = COMPARISON.format(
        truth=literal(truth / "complaint_effects.parquet"),
        purchases=f"{warehouse}intermediate.int_followed_purchases",
        effects=f"{warehouse}marts.service_effects",
    )
    return [Comparison(**each) for each in rows(connection, query)]


def with_table(page: str, found: Iterable[tuple[int, Comparison]]) -> str:
    """The page with these figures between its two marks."""
    table = (
        "| seed | reason | true, points | found | from | to | inside | with a match | of |"
        " greatest imbalance |\n|--:|---|--:|--:|--:|--:|---|--:|--:|--:|\n"
    )
    for seed, each in found:
        points = (each.true_effect, each.difference, each.low_difference, each.high_difference)
        table += (
            f"| {seed} | {each.reason} | {' | '.join(f'{100 * x:+.1f}' for x in points)} |"
            f" {'yes' if each.is_inside else 'no'} | {each.matched_ticket_count} |"
            f" {each.ticket_count} | {each.imbalance:.2f} |\n"
        )
    return between_marks(page, table)


def main() -> None:
    found: list[tuple[int, Comparison]] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for seed in SEEDS:
            refresh = built_world(seed, Path(folder, f"world {seed}"), "service_effects")
            found += [(seed, each) for each in beside_truth(refresh, compare)]
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), found), "utf-8")
    print(f"Wrote {len(found)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

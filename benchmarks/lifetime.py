"""How lifetime value fares on three data sets: what each fifth spends, and whom the range holds.

`make proof` measures anew, and writes what it finds into the table of `docs/lifetime_value.md`. The
error and the range are both stated as of the day of the forecast, from the trial before it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.page import between_marks, silent
from orchestration import dbt
from orchestration.duck import connect, literal_path, rows
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh

PAGE = ROOT / "docs" / "lifetime_value.md"
# Of each example the trials, by what the table calls them. CDNOW by itself takes half of its 78
# weeks; a year can be tried on the demo world alone, which has two.
TRIALS = {
    "cdnow": {
        "CDNOW, 39 weeks": {},
        "CDNOW, 78 weeks": {"as_of_date": "1998-07-01"},
        "CDNOW, its second half": {"as_of_date": "1998-07-01", "ltv_holdout_days": 273},
    },
    "complete_journey": {"Complete Journey": {}},
    "world": {"demo world": {}, "demo world, a year": {"ltv_holdout_days": 364}},
}
SCORED = ("run", "--select", "+int_latest_ltv_statistics", "+int_current_parameters")

Row = Mapping[str, Any]


def trials(example: str, folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """The name of each trial, and the rows of `ltv_holdout` that a fit writes."""
    landed = Refresh(Project(ROOT, folder), example)
    landed.make_example_files(silent)
    landed.land(silent)
    for name, overrides in TRIALS[example].items():
        refresh = Refresh(landed.project, example, overrides)
        for words in (("seed",), SCORED):
            dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
        refresh.fit(["lifetime"], silent)
        table = literal_path(refresh.project.parameters / "ltv_holdout.parquet")
        with connect() as connection:
            yield name, rows(connection, f"select * from {table} order by quintile")


def lines(name: str, fifths: Iterable[Row]) -> Iterator[str]:
    """A line of the table for each fifth."""
    for row in fifths:
        difference = row["predicted_amount"] - float(row["actual_amount"])
        figures = [
            *(name, str(row["as_of_date"]), str(row["holdout_days"]), str(row["quintile"])),
            f"{row['predicted_amount']:,.0f}",
            f"{row['predicted_amount_standard_error']:,.0f}",
            f"{row['actual_amount']:,.0f}",
            f"{difference / row['predicted_amount_standard_error']:+.1f}",
            f"{row['zero_spend_share']:.1%}",
            f"{row['expected_covered_share']:.1%}",
            "–" if row["covered_share"] is None else f"{row['covered_share']:.1%}",
        ]
        yield f"| {' | '.join(figures)} |\n"


def with_table(page: str, table: Iterable[str]) -> str:
    """The page with these lines between its two marks."""
    head = (
        "| data | day | days | fifth | spend predicted | ± standard error | came | errors off |"
        " spent nothing | range is to hold | held |\n"
        f"|---|---|{'--:|' * 9}\n"
    )
    return between_marks(page, head + "".join(table))


def main() -> None:
    table: list[str] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for example in TRIALS:
            for name, fifths in trials(example, Path(folder, example)):
                table += lines(name, fifths)
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), table), "utf-8")
    print(f"Wrote {len(table)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

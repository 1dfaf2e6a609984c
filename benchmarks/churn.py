"""How well churn is predicted on three data sets, out of time, beside baselines and boosting.

`make proof` measures anew, and writes what it finds into the tables of `docs/churn.md`.
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

PAGE = ROOT / "docs" / "churn.md"
# Of CDNOW all 78 weeks, of which the example by itself takes the first 39.
DATASETS = {"cdnow": {"as_of_date": "1998-07-01"}, "complete_journey": {}, "world": {}}
NAMES = {"cdnow": "CDNOW", "complete_journey": "Complete Journey", "world": "demo world"}
MODELS = ("logistic", "gradient_boosting", "recency", "frequency", "expected_transactions")
SCORED = ("run", "--select", "+int_churn_outcomes", "+int_current_parameters")

Row = Mapping[str, Any]


def backtest(example: str, folder: Path) -> list[Row]:
    """The rows of `churn_backtest` that a fit on the example writes, the latest cut-off first."""
    refresh = Refresh(Project(ROOT, folder), example, DATASETS[example])
    refresh.make_example_files(silent)
    refresh.land(silent)
    for words in (("seed",), SCORED):
        dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
    refresh.fit(["churn"], silent)
    table = literal_path(refresh.project.parameters / "churn_backtest.parquet")
    with connect() as connection:
        return rows(connection, f"select * from {table} order by cutoff_on desc, model")


def lines(example: str, scores: Iterable[Row]) -> Iterator[str]:
    """A line of the table for each cut-off: AUC of each model, and how good its probability is."""
    by_cutoff: dict[Any, dict[str, Row]] = {}
    for score in scores:
        by_cutoff.setdefault(score["cutoff_on"], {})[score["model"]] = score
    for cutoff, models in by_cutoff.items():
        ours = models["logistic"]
        figures = [
            *(NAMES[example], str(cutoff), f"{ours['customer_count']:,}"),
            f"{ours['churned_share']:.1%}",
            *(f"{models[model]['auc']:.3f}" for model in MODELS),
            *(f"{ours['brier_skill']:.1%}", f"{models['gradient_boosting']['brier_skill']:.1%}"),
            f"{ours['calibration_error']:.3f}",
        ]
        yield f"| {' | '.join(figures)} |\n"


def with_table(page: str, table: Iterable[str]) -> str:
    """The page with these lines between its two marks."""
    head = (
        "| data | cut-off | buyers | left | ours | boosting | recency | frequency | E[Y] |"
        " Brier saved, ours | boosting | calibration error |\n"
        f"|---|---|{'--:|' * 10}\n"
    )
    return between_marks(page, head + "".join(table))


def main() -> None:
    table: list[str] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for example in DATASETS:
            table += lines(example, backtest(example, Path(folder, example)))
    PAGE.write_text(with_table(PAGE.read_text(), table))
    print(f"Wrote {len(table)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

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
GROUPINGS = {"decile": "tenth", "spend_fifth": "fifth", "level": "level"}
# Of a hundred groups that are predicted rightly, five lie further off by chance.
DEVIATIONS = 2
SCORED = ("run", "--select", "+int_churn_outcomes", "+int_current_parameters")

Row = Mapping[str, Any]


def backtest(example: str, folder: Path) -> tuple[list[Row], list[Row]]:
    """What a fit on the example writes, the latest cut-off first.

    The rows of `churn_backtest`, and of `churn_calibration` those of the model that scores.
    """
    refresh = Refresh(Project(ROOT, folder), example, DATASETS[example])
    refresh.make_example_files(silent)
    refresh.land(silent)
    for words in (("seed",), SCORED):
        dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
    refresh.fit(["churn"], silent)
    tables = [
        literal_path(refresh.project.parameters / f"{name}.parquet")
        for name in ("churn_backtest", "churn_calibration")
    ]
    with connect() as connection:
        scores, groups = (
            rows(connection, f"select * from {table} order by cutoff_on desc, model")
            for table in tables
        )
    return scores, [group for group in groups if group["model"] == "logistic"]


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


def calibration_lines(example: str, groups: Iterable[Row]) -> Iterator[str]:
    """A line for each cut-off: how many groups left as predicted, and which did not."""
    by_cutoff: dict[Any, list[Row]] = {}
    for group in groups:
        by_cutoff.setdefault(group["cutoff_on"], []).append(group)
    for cutoff, found in by_cutoff.items():
        counts = [
            _within([group for group in found if group["grouping"] == grouping])
            for grouping in GROUPINGS
        ]
        beyond = [
            f"{GROUPINGS[group['grouping']]} {group['customer_group']}"
            f" ({group['predicted_share']:.3f}, {group['churned_share']:.3f},"
            f" {group['z_score']:+.1f})"
            for group in found
            if not _is_within(group)
        ]
        figures = [NAMES[example], str(cutoff), *counts, _within(found), "; ".join(beyond) or "–"]
        yield f"| {' | '.join(figures)} |\n"


def _is_within(group: Row) -> bool:
    return group["z_score"] is None or abs(group["z_score"]) < DEVIATIONS


def _within(groups: Iterable[Row]) -> str:
    """How many of the groups left as predicted, of how many."""
    groups = list(groups)
    return f"{sum(map(_is_within, groups))} of {len(groups)}"


def with_tables(page: str, scores: Iterable[str], calibration: Iterable[str]) -> str:
    """The page with these lines between its two marks, in two tables."""
    return between_marks(
        page,
        "| data | cut-off | buyers | left | ours | boosting | recency | frequency | E[Y] |"
        " Brier saved, ours | boosting | calibration error |\n"
        f"|---|---|{'--:|' * 10}\n{''.join(scores)}\n"
        "| data | cut-off | tenths by risk | fifths by spend | levels | all |"
        " beyond two deviations (predicted, came, deviations) |\n"
        f"|---|---|{'--:|' * 4}---|\n{''.join(calibration)}",
    )


def main() -> None:
    scores: list[str] = []
    calibration: list[str] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for example in DATASETS:
            found, groups = backtest(example, Path(folder, example))
            scores += lines(example, found)
            calibration += calibration_lines(example, groups)
    PAGE.write_text(with_tables(PAGE.read_text("utf-8"), scores, calibration), "utf-8")
    print(f"Wrote {len(scores) + len(calibration)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

"""How well purchases from a category are foretold, out of time, beside recency in the category.

`make proof` measures anew, and writes what it finds into its table of `docs/merchandise.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.page import between_marks, silent
from orchestration import dbt
from orchestration.duck import connect
from orchestration.fit.propensity import Trial, backtest, read_cohorts
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.warehouse import attach

PAGE = ROOT / "docs" / "merchandise.md"
NAMES = {"complete_journey": "Complete Journey", "world": "demo world"}
FEATURES = ("run", "--select", "+int_propensity_features")
HEAD = (
    "| data | cut-off | customers × categories | bought | AUC, ours | recency | gain |"
    " Brier saved | calibration error |\n"
    f"|---|---|{'--:|' * 7}\n"
)


def trials(example: str, folder: Path) -> Sequence[Trial]:
    """The last cut-offs of an example, as they would have been predicted then."""
    refresh = Refresh(Project(ROOT, folder), example)
    refresh.make_example_files(silent)
    refresh.land(silent)
    for words in (("seed",), FEATURES):
        dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        cohorts = [each for each in read_cohorts(connection) if each.is_telling]
    return backtest(cohorts, cohorts[0].cutoff_on - cohorts[1].cutoff_on)


def lines(name: str, found: Sequence[Trial]) -> Iterator[str]:
    """A line of the table for each cut-off."""
    for trial in found:
        ours = trial.accuracy
        figures = [
            *(name, str(trial.cutoff_on), f"{trial.pair_count:,}", f"{trial.bought_share:.1%}"),
            *(f"{ours['auc']:.3f}", f"{trial.recency_auc:.3f}"),
            f"{ours['auc'] - trial.recency_auc:+.3f}",
            *(f"{ours['brier_skill']:.1%}", f"{ours['calibration_error']:.3f}"),
        ]
        yield f"| {' | '.join(figures)} |\n"


def main() -> None:
    rows: list[str] = []
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        for example, name in NAMES.items():
            rows += lines(name, trials(example, Path(folder, example)))
    page = between_marks(PAGE.read_text("utf-8"), HEAD + "".join(rows), "propensity")
    PAGE.write_text(page, "utf-8")
    print(f"Wrote {len(rows)} rows into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

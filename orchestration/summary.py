"""What a refresh ends with: rows, checks, refusals, changes, minutes, and where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.artifacts import Artifacts
from orchestration.course import clock
from orchestration.duck import connect, literal_path
from orchestration.landing.report import FeedNumbers
from orchestration.progress import counted
from orchestration.project import Project
from orchestration.publish.changes import Changes, changes
from orchestration.publish.generations import Generation
from orchestration.remarks.built import listed


@dataclass(frozen=True)
class Summary:
    """A refresh that has published, in figures.

    `refused` are rows by the code of their reason, None in a project that has no mart of them. Of
    tables, views and seeds some were `made`, and of the others `kept` nothing had changed.
    """

    landed: FeedNumbers
    checks: int
    refused: Mapping[str, int] | None
    changes: Changes
    made: int
    kept: int

    def lines(self, project: Project, seconds: float, phases: Mapping[str, float]) -> Iterator[str]:
        """The summary as people read it; `phases` are the seconds that each part took."""
        yield (
            f"Landed:   {counted(self.landed.landed, 'new file')} with "
            f"{counted(self.landed.rows, 'row')}; {self.landed.unchanged:,} unchanged"
        )
        others = "; of the others nothing had changed" if self.kept else ""
        yield f"Made:     {self.made:,} of {self.made + self.kept:,} tables and views{others}"
        yield f"Checks:   {self.checks:,}, none that forbids publication"
        if self.refused is not None:
            reasons = listed(f"{reason} {rows:,}" for reason, rows in self.refused.items())
            rows = counted(sum(self.refused.values()), "row")
            yield f"Refused:  {rows}{': ' if reasons else ''}{reasons}"
        changed = listed(map(str, self.changes.changed))
        yield f"Changed:  {self.changes}{': ' if changed else ''}{changed}"
        took = ", ".join(f"{name} {clock(each)}" for name, each in phases.items())
        yield f"Minutes:  {clock(seconds)} ({took})"
        yield f"Look at:  {project.published / 'current.duckdb'} for the marts,"
        yield "          entities.quarantine in the warehouse for what was refused,"
        yield f"          {project.logs / 'dbt.log'} for what dbt said"

    def facts(
        self, project: Project, seconds: float, phases: Mapping[str, float]
    ) -> dict[str, Any]:
        """The same for scripts."""
        return {
            "files_landed": self.landed.landed,
            "rows_landed": self.landed.rows,
            "made": self.made,
            "kept": self.kept,
            "checks": self.checks,
            "refused": self.refused,
            "since": self.changes.since,
            "marts": self.changes.marts,
            "rows_published": self.changes.rows,
            "changed": [asdict(each) for each in self.changes.changed],
            "seconds": round(seconds, 1),
            "phases": {name: round(each, 1) for name, each in phases.items()},
            "database": str(project.published / "current.duckdb"),
            "log": str(project.logs / "dbt.log"),
        }


def summarised(
    project: Project,
    landed: FeedNumbers,
    artifacts: Artifacts,
    generation: Generation,
    since: str | None,
) -> Summary:
    """The summary of a refresh that has published this generation after the one named `since`."""
    published, (made, kept) = project.published, artifacts.made_and_kept
    return Summary(
        *(landed, artifacts.check_count, refused(published)),
        *(changes(published, generation.id, since), made, kept),
    )


def refused(published: Path) -> dict[str, int] | None:
    """Rows by the reason for which they were refused, the most frequent first, as readers see it;
    None in a project that has no mart of it."""
    file = published / "current" / "quarantine_summary.parquet"
    if not file.exists():
        return None
    with connect() as connection:
        found = connection.execute(
            "select reason_code, sum(row_count) as rows_refused"
            f" from read_parquet({literal_path(file)})"
            " group by reason_code order by rows_refused desc, reason_code"
        ).fetchall()
    return {reason: int(rows) for reason, rows in found}

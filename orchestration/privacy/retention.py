"""What has been kept for long enough: whole files of a feed, wherever they lie.

The variable `retention_days` says of a feed, as `app/events`, after how many days since it landed a
file goes: from `landing/`, with its rows and rejected lines from `raw/`, and from the ledger, as if
it had never come. The next build knows nothing of it, the marts of days past with it. `exports` are
files that were handed over.

A kill leaves a file that is half gone, which the same command ends: first goes the file, then what
the ledger says, then rows, which belong to no event any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.landing.ledger import LANDED, Event, Ledger
from orchestration.landing.output import REJECTED
from orchestration.project import Project

EXPORTS = "exports"


@dataclass(frozen=True)
class Outdated:
    """What is to go: files as they lie, and batches of rows by their feed's relation."""

    files: tuple[Path, ...]
    events: frozenset[int]
    batches: tuple[tuple[str, str], ...]

    def lines(self, project: Project) -> Iterator[str]:
        """Each file and each batch, as a person is told of it."""
        for path in self.files:
            yield str(path.relative_to(project.data))
        for relation, batch in self.batches:
            yield f"raw/{relation}/{batch}.parquet"


def outdated(
    project: Project, days: Mapping[str, int], feeds: Collection[str], now: datetime
) -> Outdated:
    """What the rules ask to go at an instant; `ValueError` of a feed that there is not."""
    if unknown := sorted(set(days) - {*feeds, EXPORTS}):
        raise ValueError(
            f"retention_days names {', '.join(unknown)}: choose of {', '.join(sorted(feeds))} "
            f"and {EXPORTS}."
        )
    limits = {name: now - timedelta(days=number) for name, number in days.items()}
    events = Ledger(project.ledger).events() if project.ledger.exists() else []
    landed = [event for event in events if event.status == LANDED]
    old = [
        event
        for event in landed
        if (limit := limits.get(f"{event.source}/{event.feed}"))
        and datetime.fromisoformat(event.landed_at) < limit
    ]
    gone = {event.event for event in old}
    kept = [event for event in landed if event.event not in gone]
    kept_files, kept_batches = {event.file for event in kept}, {event.batch for event in kept}
    files = {project.landing / each.file for each in old if each.file not in kept_files}
    files |= set(_old_exports(project, limits.get(EXPORTS)))
    batches = {
        (relation, event.batch)
        for event in old
        if event.batch not in kept_batches
        for relation in (f"{event.source}__{event.feed}", REJECTED)
        if _rows(project, relation, event.batch).exists()
    }
    return Outdated(
        tuple(sorted(path for path in files if path.exists())),
        frozenset(gone | _about(events, {each.file for each in old} - kept_files)),
        tuple(sorted(batches)),
    )


def remove(project: Project, old: Outdated) -> None:
    """Removes it, so that what is left agrees with itself after any step."""
    for path in old.files:
        path.unlink(missing_ok=True)
    if old.events:
        Ledger(project.ledger).rewrite(lambda event: None if event.event in old.events else event)
    for relation, batch in old.batches:
        _rows(project, relation, batch).unlink(missing_ok=True)


def today() -> datetime:
    return datetime.now(UTC)


def _about(events: Collection[Event], files: Collection[str | None]) -> set[int]:
    """The events of all kinds that tell of these files."""
    return {event.event for event in events if event.file in files}


def _rows(project: Project, relation: str, batch: str) -> Path:
    return project.raw / relation / f"{batch}.parquet"


def _old_exports(project: Project, limit: datetime | None) -> Iterator[Path]:
    if limit and project.exports.exists():
        for path in project.exports.rglob("*"):
            if path.is_file() and path.stat().st_mtime < limit.timestamp():
                yield path

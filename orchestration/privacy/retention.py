"""What has been kept for long enough: whole files of a feed, wherever they lie.

The variable `retention_days` says of a feed, as `app/events`, after how many days since it landed a
file goes: from `landing/`, with its rows and rejected lines from `raw/`, and from the ledger, as if
it had never come. The next build knows nothing of it, the marts of days past with it. `exports` are
files that were handed over. What was delivered under the name of such a file and has not landed yet
stays. Consents have no age: a no that is forgotten would make an older yes stand again.

A kill leaves a file that is half gone, which the same command ends: first goes the file, then what
the ledger says, then rows, which belong to no event any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.landing.land import remove_leftovers
from orchestration.landing.ledger import LANDED, Event, Ledger
from orchestration.landing.output import REJECTED
from orchestration.project import Project

EXPORTS = "exports"
MOST_DAYS = 36_500


@dataclass(frozen=True)
class Outdated:
    """What is to go: files as they lie, and batches of rows by their feed's relation. `unlanded`
    are files that stay, though what has landed under their name goes."""

    files: tuple[Path, ...]
    events: frozenset[int]
    batches: tuple[tuple[str, str], ...]
    unlanded: tuple[Path, ...]

    def lines(self, project: Project) -> Iterator[str]:
        """Each file and each batch, as a person is told of it."""
        for path in self.files:
            yield str(path.relative_to(project.data))
        for relation, batch in self.batches:
            yield f"raw/{relation}/{batch}.parquet"
        for path in self.unlanded:
            shown = path.relative_to(project.data)
            yield f"{shown} stays: it holds what has not landed (`regulars land`)"


def outdated(
    project: Project,
    days: Mapping[str, int],
    feeds: Collection[str],
    of_consents: Collection[str],
    now: datetime,
) -> Outdated:
    """What the rules ask to go at an instant; `ValueError` of a feed that there is not, or that
    delivers consents, and of what is no number of days."""
    ageing = {*feeds, EXPORTS} - set(of_consents)
    if unknown := sorted(set(days) - ageing):
        raise ValueError(
            f"retention_days names {', '.join(unknown)}: choose of {', '.join(sorted(ageing))}. "
            "Feeds with consents are kept, since without a no an older yes would stand."
        )
    if wrong := [name for name, number in days.items() if not _is_number_of_days(number)]:
        raise ValueError(f"retention_days of {', '.join(wrong)} is no number of days, such as 400.")
    limits = {name: now - timedelta(days=number) for name, number in days.items()}
    events = Ledger(project.ledger).events() if project.ledger.exists() else []
    landed = [event for event in events if event.status == LANDED]
    old = [
        event
        for event, came_at in zip(landed, _came_at(landed), strict=True)
        if (limit := limits.get(f"{event.source}/{event.feed}"))
        and datetime.fromisoformat(came_at) < limit
    ]
    gone = {event.event for event in old}
    kept = [event for event in landed if event.event not in gone]
    kept_files, kept_batches = {event.file for event in kept}, {event.batch for event in kept}
    names = {event.file for event in old} - kept_files
    last = {event.file: event for event in events if event.file in names}
    there = {project.landing / name: last[name] for name in names if _lies(project, name)}
    unlanded = {path for path, event in there.items() if not _is_what_landed(path, event)}
    batches = {
        (relation, event.batch)
        for event in old
        if event.batch not in kept_batches
        for relation in (f"{event.source}__{event.feed}", REJECTED)
        if _rows(project, relation, event.batch).exists()
    }
    forgotten = names - {str(path.relative_to(project.landing)) for path in unlanded}
    return Outdated(
        tuple(sorted({*(there.keys() - unlanded), *_old_exports(project, limits.get(EXPORTS))})),
        frozenset(gone | {event.event for event in events if event.file in forgotten}),
        tuple(sorted(batches)),
        tuple(sorted(unlanded)),
    )


def _came_at(landed: Iterable[Event]) -> Iterator[str]:
    """Since when the file of each event has had its content: what only lands anew, since another
    version or its YAML reads it otherwise, is no younger."""
    known: dict[str, Event] = {}
    for event in landed:
        before = known.get(event.file)
        if not before or before.sha256 != event.sha256:
            known[event.file] = event
        yield known[event.file].landed_at


def _is_number_of_days(number: object) -> bool:
    return type(number) is int and 0 <= number <= MOST_DAYS


def remove(project: Project, old: Outdated) -> None:
    """Removes it, so that what is left agrees with itself after any step."""
    for path in old.files:
        path.unlink(missing_ok=True)
        _remove_empty_folders(project, path.parent)
    if project.ledger.exists():
        ledger = Ledger(project.ledger)
        if old.events:
            ledger.rewrite(lambda event: None if event.event in old.events else event)
        remove_leftovers(project.raw, ledger)


def today() -> datetime:
    return datetime.now(UTC)


def _lies(project: Project, name: str) -> bool:
    return (project.landing / name).is_file()


def _is_what_landed(path: Path, last: Event) -> bool:
    """Whether a file of the landing folder is the one of which this event tells that it landed."""
    if last.status != LANDED or path.stat().st_size != last.bytes:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == last.sha256


def _rows(project: Project, relation: str, batch: str) -> Path:
    return project.raw / relation / f"{batch}.parquet"


def _old_exports(project: Project, limit: datetime | None) -> Iterator[Path]:
    """Files that were handed over before then; not those of an audience's last day, by which it is
    told who is to be removed elsewhere."""
    if limit and project.exports.exists():
        last_days = {_last_day(folder) for folder in (project.exports / "audiences").glob("*")}
        for path in project.exports.rglob("*"):
            is_old = path.is_file() and path.stat().st_mtime < limit.timestamp()
            if is_old and path.parent not in last_days:
                yield path


def _last_day(audience: Path) -> Path:
    """The folder of an audience's last export; hidden is one that is not whole."""
    return max((path for path in audience.glob("[0-9]*") if path.is_dir()), default=audience)


def _remove_empty_folders(project: Project, folder: Path) -> None:
    """Removes a folder of exports, and those above it, where nothing is left in them."""
    while project.exports in folder.parents and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent

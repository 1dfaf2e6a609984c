"""Immutable generations of the marts, and the one pointer that says which of them readers see.

    published/current          -> generations/<id>         the pointer, flipped by one rename
    published/current.duckdb   -> current/regulars.duckdb  so that it follows the pointer
    published/generations/<id>/regulars.duckdb             the marts in the schema `marts`
    published/generations/<id>/<mart>.parquet              the last generation's, while equal
    published/generations/<id>/SHA256SUMS                  of the database and of those files
    published/generations/<id>/fingerprint.txt             what it depended on
    published/generations/<id>/regulars.<language>.xlsx    and whatever else was made of it
    published/generations/<id>.duckdb -> <id>/regulars.duckdb

An id is a sequence number and the start of the digest: `000007-3f2a9c1b`. The pointer is the only
state. **A generation newer than the current one was never published, or was rolled back**: it is
not listed, never a target of `rollback`, and removed by the next `publish` before it flips the
pointer. So the generations up to the current one are what readers have seen, in that order.

A kill can leave three things, none of which readers see and all of which the next `publish` clears:
the staging folder `.publishing`, a generation that is not pointed at, and an old generation
half removed, which has no database any more. `publish` and `rollback` are for the holder of the
refresh lock.

A reader of several Parquet files resolves `current` once, and takes them all from that folder.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.artifacts import FINGERPRINT
from orchestration.duck import connect, first_line
from orchestration.privacy.files import folder_for_readers
from orchestration.publish.files import DATABASE
from orchestration.publish.marts import Mart, PublicationError
from orchestration.publish.stage import PublicationFacts, stage, sync

# Enough to roll back twice; a reader that began on the oldest has two publications to end.
KEPT_GENERATIONS = 3
# In `published/`, which may be on another disk than all else: no rename leads from one to another.
STAGING = ".publishing"
GENERATION_ID = re.compile(r"(\d{6})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Generation:
    """One publication of all marts; `published_at` is an instant in UTC."""

    id: str
    as_of_date: date
    published_at: datetime
    is_current: bool


def publish(
    marts: Sequence[Mart],
    warehouse: Path,
    published: Path,
    facts: PublicationFacts,
    now: datetime,
    settings: Mapping[str, str | int] | None = None,
    fingerprint: str | None = None,
    beside: Callable[[Path], Iterable[Path]] | None = None,
) -> Generation:
    """Copies the marts into a new generation and points readers to it.

    The caller has audited the build and holds the refresh lock. `settings` are DuckDB's, such as
    `threads` and `memory_limit`; `fingerprint` tells what the build depended on.
    `beside` is given the folder of the generation, and returns the files that it has added. Raises
    `PublicationError`, and then readers keep what they had.
    """
    if not marts:
        raise PublicationError("There is nothing to publish: add a model under models/marts/.")
    staging = published / STAGING
    # What a kill has left, also before 0.3.0, when it lay beside `published/`.
    for left in (staging, published.with_name(STAGING)):
        shutil.rmtree(left, ignore_errors=True)
    try:
        folder_for_readers(published)
        number = _last_number(published) + 1
        staged = staging / "generation"
        last = _folder(published) / _current_id(published)
        generation_id = stage(marts, warehouse, staged, last, number, facts, now, settings or {})
        if fingerprint:
            _write_fingerprint(staged, fingerprint)
        if beside:
            _keep(beside(staged), staged)
        _release(generation_id, staged, published)
    except (duckdb.Error, OSError) as error:
        raise PublicationError(
            f"The publication broke off and readers keep one whole generation ({first_line(error)})"
            ": mend that (disk? memory?), then run `regulars publish`."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return generations(published)[0]


def rollback(published: Path) -> Generation:
    """Points readers to the generation before the current one; `PublicationError` if none."""
    _point(published / "current", f"generations/{earlier(published).name}")
    return generations(published)[0]


def earlier(published: Path) -> Path:
    """The folder of the generation before the current one; `PublicationError` if none."""
    current = _current_id(published)
    seen = [id for id in _seen(published) if id < current]
    if not seen:
        raise PublicationError(
            "There is no earlier generation to roll back to: publish a better build instead."
        )
    return _folder(published) / seen[-1]


def generations(published: Path) -> list[Generation]:
    """What readers see and may be rolled back to, the newest first.

    An earlier one that is damaged is left out; `duckdb.Error` where the current one is.
    """
    seen, current = _seen(published), _current_id(published)
    found = []
    with connect() as connection:
        for id in reversed(seen):
            try:
                found.append(_told(connection, _folder(published) / id, id == current))
            except duckdb.Error:
                if id == current:
                    raise
    return found


def _told(connection: duckdb.DuckDBPyConnection, folder: Path, is_current: bool) -> Generation:
    """What a generation says of itself."""
    id, as_of_date, published_at = connection.execute(
        "select generation, as_of_date, published_at from read_parquet($file)",
        {"file": str(folder / "publication.parquet")},
    ).fetchone()
    return Generation(id, as_of_date, published_at.replace(tzinfo=UTC), is_current)


def current_id(published: Path) -> str | None:
    """The generation that readers see; None while there is none."""
    return _current_id(published) or None


def published_fingerprint(published: Path) -> str | None:
    """What the generation that readers see depended on; None if there is none, or nobody knows."""
    path = published / "current" / FINGERPRINT
    return path.read_text() if path.exists() else None


def _write_fingerprint(staged: Path, fingerprint: str) -> None:
    path = staged / FINGERPRINT
    path.write_text(fingerprint)
    _keep([path], staged)


def _keep(paths: Iterable[Path], staged: Path) -> None:
    """Makes files of a generation read-only, and waits until the disk has them."""
    for path in paths:
        path.chmod(0o444)
        sync(path)
    sync(staged)


def _release(generation_id: str, staged: Path, published: Path) -> None:
    """A few renames, between any two of which readers have one whole generation."""
    folder = _folder(published)
    folder_for_readers(folder)
    seen = [*_seen(published), generation_id]
    staged.rename(folder / generation_id)
    _remove_all_but(seen, folder)
    (folder / f"{generation_id}.duckdb").symlink_to(f"{generation_id}/{DATABASE}")
    sync(folder)
    _point(published / "current.duckdb", f"current/{DATABASE}")
    _point(published / "current", f"generations/{generation_id}")
    _remove_all_but(seen[-KEPT_GENERATIONS:], folder)


def _point(link: Path, target: str) -> None:
    """Makes or moves a symlink by one rename, and waits until the disk has it."""
    fresh = link.with_name(f".{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    sync(link.parent)


def _remove_all_but(kept: Collection[str], folder: Path) -> None:
    """Removes every other generation, its database first: without it, none counts as whole."""
    for path in folder.iterdir():
        if GENERATION_ID.fullmatch(path.stem) and path.stem not in kept:
            if path.is_symlink():
                path.unlink()
            else:
                (path / DATABASE).unlink(missing_ok=True)
                shutil.rmtree(path)


def _seen(published: Path) -> list[str]:
    """The ids of the whole generations up to the current one, oldest first."""
    current = _current_id(published)
    folders = (path for path in _folder(published).glob("*") if path.name <= current)
    return sorted(path.name for path in folders if (path / DATABASE).exists())


def _current_id(published: Path) -> str:
    """Where the pointer leads, before every id when there is none."""
    pointer = published / "current"
    return pointer.readlink().name if pointer.is_symlink() else ""


def _last_number(published: Path) -> int:
    """The highest sequence number in use, also by a generation that readers do not see."""
    ids = (GENERATION_ID.fullmatch(path.name) for path in _folder(published).glob("*"))
    return max((int(id[1]) for id in ids if id), default=0)


def _folder(published: Path) -> Path:
    return published / "generations"

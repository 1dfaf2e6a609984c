"""What a publication has changed for readers: mart by mart, against the generation before it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.duck import connect, literal_path


@dataclass(frozen=True)
class Change:
    """A mart that is not as it was; `before` is None of a new one, `after` of one that is gone."""

    mart: str
    before: int | None
    after: int | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.mart} new, {self.after:,} rows"
        if self.after is None:
            return f"{self.mart} gone"
        if self.after == self.before:
            return f"{self.mart} same number of rows"
        return f"{self.mart} {self.after - self.before:+,} rows"


@dataclass(frozen=True)
class Changes:
    """The marts that changed, those by the most rows first, of how many there are.

    `since` is the generation that readers saw before, None of the first.
    """

    since: str | None
    changed: Sequence[Change]
    marts: int
    rows: int

    def __str__(self) -> str:
        if not self.since:
            return f"{self.marts} marts with {self.rows:,} rows, the first that readers see"
        return f"{len(self.changed)} of {self.marts} marts since generation {self.since}"


@dataclass(frozen=True)
class _Published:
    generation: str
    row_counts: Mapping[str, int]
    digests: Mapping[str, str]


def changes(published: Path, generation: str, since: str | None) -> Changes:
    """What is different in a generation from the one that readers saw before, if there was one."""
    after = _read(published, generation)
    before = _read(published, since) if since else _Published("", {}, {})
    names = sorted({*after.digests, *before.digests})
    changed = [
        Change(name, before.row_counts.get(name), after.row_counts.get(name))
        for name in names
        if after.digests.get(name) != before.digests.get(name)
    ]
    return Changes(
        since=since,
        changed=sorted(changed, key=_by_how_much, reverse=True) if since else (),
        marts=len(after.digests),
        rows=sum(after.row_counts.values()),
    )


def _by_how_much(change: Change) -> int:
    return abs((change.after or 0) - (change.before or 0))


def _read(published: Path, generation: str) -> _Published:
    file = literal_path(published / "generations" / generation / "publication.parquet")
    with connect() as connection:
        row_counts, digests = connection.execute(
            f"select row_counts, digests from read_parquet({file})"
        ).fetchone()
    return _Published(generation, json.loads(row_counts), json.loads(digests))

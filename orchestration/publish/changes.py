"""What a publication has changed for readers: mart by mart, against the generation before it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.duck import connect, literal_path, rows
from orchestration.progress import counted


@dataclass(frozen=True)
class Change:
    """A mart that is not as it was; `before` is None of a new one, `after` of one that is gone.

    `months` (`2026-02`) are those whose rows differ, none where a mart is not told by month.
    """

    mart: str
    before: int | None
    after: int | None
    months: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.mart} new, {counted(self.after, 'row')}"
        if self.after is None:
            return f"{self.mart} gone"
        difference = self.after - self.before
        more = f"{'+' if difference > 0 else '-'}{counted(abs(difference), 'row')}"
        rows = more if difference else "same number of rows"
        return f"{self.mart} {rows} ({self.when})" if self.months else f"{self.mart} {rows}"

    @property
    def when(self) -> str:
        """The months in which it changed, nothing where it is not told by month."""
        if len(self.months) < 2:
            return "".join(self.months)
        return f"{len(self.months)} months from {self.months[0]} to {self.months[-1]}"


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
        marts = counted(self.marts, "mart")
        if not self.since:
            return f"{marts} with {counted(self.rows, 'row')}, the first that readers see"
        return f"{len(self.changed)} of {marts} since generation {self.since}"


@dataclass(frozen=True)
class _Published:
    generation: str
    row_counts: Mapping[str, int]
    digests: Mapping[str, str]
    months: Mapping[str, Mapping[str, object]]
    """What is known of the rows of a mart, by month; the month of those without a date is empty."""

    def months_since(self, before: _Published, mart: str) -> tuple[str, ...]:
        """The months of a mart whose rows were others before, if both tell it by month."""
        now, then = self.months.get(mart, {}), before.months.get(mart, {})
        months = sorted(month for month in {*now, *then} if now.get(month) != then.get(month))
        return tuple(month for month in months if month) if now and then else ()


def changes(published: Path, generation: str, since: str | None) -> Changes:
    """What is different in a generation from the one that readers saw before, if there was one."""
    after = _read(published, generation)
    before = _read(published, since) if since else _Published("", {}, {}, {})
    names = sorted({*after.digests, *before.digests})
    changed = [
        Change(
            name,
            before.row_counts.get(name),
            after.row_counts.get(name),
            after.months_since(before, name),
        )
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
        [row] = rows(connection, f"from read_parquet({file})")
    told = [json.loads(row.get(name, "{}")) for name in ("row_counts", "digests", "months")]
    return _Published(generation, *told)

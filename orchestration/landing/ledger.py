"""The ledger of deliveries: one line of JSON for each change of a delivered file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.landing.text import told

MOST_COLUMNS = 200  # names of columns that one event records
LANDED, HELD, MISSING = "landed", "held", "missing"
WITHDRAWN, REMOVED = "withdrawn", "removed"  # taken out of the landing folder: held, or landed
COUNTS = (
    "lines_physical",
    "lines_header",
    "lines_blank",
    "lines_accepted",
    "lines_quarantined",
    "rows_accepted",
    "columns_missing",
    "columns_added",
)


@dataclass(frozen=True)
class Event:
    """What became of one file, or of a feed that has none (then `file` is None).

    `event` counts up from 1. `batch` and the counts are those of the rows that were landed, so
    they are None for a held file. Several events may point to one batch. Lists of columns are
    joined with commas.
    """

    event: int
    source: str
    feed: str
    file: str | None
    status: str
    landed_at: str
    reason: str | None = None
    delivery_order: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    batch: str | None = None
    lines_physical: int | None = None
    lines_header: int | None = None
    lines_blank: int | None = None
    lines_accepted: int | None = None
    lines_quarantined: int | None = None
    rows_accepted: int | None = None
    columns_missing: str | None = None
    columns_added: str | None = None

    def says_the_same(self, other: Event | None) -> bool:
        """Whether both tell of one state, whenever they were recorded."""
        return other is not None and vars(self) == {
            **vars(other),
            "event": self.event,
            "landed_at": self.landed_at,
        }


def join_columns(names: Sequence[str]) -> str | None:
    """Names of columns as an event records them: the first some hundred, and how many there are."""
    recorded = [told(name) for name in names[:MOST_COLUMNS]]
    if len(names) > MOST_COLUMNS:
        recorded.append(f"and {len(names) - MOST_COLUMNS} more")
    return ",".join(recorded) or None


def split_columns(recorded: str | None) -> tuple[str, ...]:
    return tuple(recorded.split(",")) if recorded else ()


class Ledger:
    """The events of `deliveries.jsonl`, and what they say last about each file."""

    def __init__(self, path: Path):
        """Opens the ledger, and cuts off a last line that a killed run left unfinished."""
        self.path = path
        self._count = 0
        self._noted: list[str] = []
        self._latest: dict[tuple[str, str], dict[str | None, Event]] = {}
        self._by_batch: dict[str, Event] = {}
        self._columns: dict[tuple[str, str], dict[str, set[str]]] = {}
        path.touch()
        with path.open("r+b") as stream:
            whole = 0
            for line in stream:
                if not line.endswith(b"\n"):
                    stream.truncate(whole)
                    os.fsync(stream.fileno())
                    break
                whole += len(line)
                self._remember(self._parsed(line))

    def latest(self, source: str, feed: str, file: str | None) -> Event | None:
        """The last event of a file; with `file` None, the one that says the feed is missing."""
        return self._latest.get((source, feed), {}).get(file)

    def files(self, source: str, feed: str, status: str) -> list[str]:
        """The files of a feed of which this is the status by their last event."""
        events = self._latest.get((source, feed), {}).values()
        return [event.file for event in events if event.file and event.status == status]

    def columns(self, source: str, feed: str) -> dict[str, frozenset[str]] | None:
        """The `columns_missing` and `columns_added` that were ever recorded of a feed's files, None
        when no file of it ever landed."""
        seen = self._columns.get((source, feed))
        return seen and {name: frozenset(columns) for name, columns in seen.items()}

    def held_files(self, sources: Collection[str]) -> list[Event]:
        """What was last said of each file of these sources that is held, by source and feed."""
        latest = (event for events in self._latest.values() for event in events.values())
        held = (each for each in latest if each.status == HELD and each.source in sources)
        return sorted(held, key=lambda event: (event.source, event.feed, event.file))

    def files_of(self, batch: str) -> list[Event]:
        """What was last said of each file that has landed, and stands in this batch."""
        latest = (event for events in self._latest.values() for event in events.values())
        return [each for each in latest if each.batch == batch and each.status == LANDED]

    def landed_since(self, instant: datetime) -> int:
        """How many files have landed, or landed with other content, since then."""
        latest = (event for events in self._latest.values() for event in events.values())
        written = _written(instant)
        return sum(each.status == LANDED and each.landed_at > written for each in latest)

    def landed(self, batch: str) -> Event | None:
        """The last event that points to a batch."""
        return self._by_batch.get(batch)

    def append(self, now: datetime, **fields: str | int | None) -> Event | None:
        """Records an event durably, unless the last one says the same; then returns None."""
        event = self.note(now, **fields)
        self.record()
        return event

    def note(self, now: datetime, **fields: str | int | None) -> Event | None:
        """Like `append`, but what is noted stays only with the next `record`."""
        event = Event(event=self._count + 1, landed_at=_written(now), **fields)
        if event.says_the_same(self.latest(event.source, event.feed, event.file)):
            return None
        self._noted.append(json.dumps(vars(event), ensure_ascii=False) + "\n")
        self._remember(event)
        return event

    def record(self) -> None:
        """Records durably what was noted."""
        if self._noted:
            with self.path.open("a", encoding="utf-8") as stream:
                stream.writelines(self._noted)
                stream.flush()
                os.fsync(stream.fileno())
            self._noted = []

    def events(self) -> list[Event]:
        """All that was recorded, in its order."""
        with self.path.open("rb") as stream:
            return [self._parsed(line) for line in stream]

    def rewrite(self, changed: Callable[[Event], Event | None]) -> None:
        """Records all events anew, each as `changed` gives it, by one rename; None is left out."""
        fresh = self.path.with_suffix(".new")
        with self.path.open("rb") as events, fresh.open("w", encoding="utf-8") as stream:
            for line in events:
                if event := changed(self._parsed(line)):
                    stream.write(json.dumps(vars(event), ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self.path)
        self.__init__(self.path)

    def change_batch(self, batch: str, changed: Callable[[Event], Event]) -> None:
        """Records the events of one batch anew, by one rename; others are copied unread."""
        fresh, told, found = self.path.with_suffix(".new"), json.dumps(batch).encode(), []
        with self.path.open("rb") as events, fresh.open("wb") as stream:
            for line in events:
                if told in line and (event := self._parsed(line)).batch == batch:
                    found.append(changed(event))
                    line = (json.dumps(vars(found[-1]), ensure_ascii=False) + "\n").encode()
                stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self.path)
        self._by_batch.pop(batch, None)
        for event in found:
            known = self._by_batch.get(event.batch, event)
            self._by_batch[event.batch] = max(known, event, key=lambda each: each.event)
            files = self._latest[event.source, event.feed]
            if event.file in files and files[event.file].event == event.event:
                files[event.file] = event

    def _parsed(self, line: bytes) -> Event:
        try:
            return Event(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{self.path} is damaged at event {self._count + 1} ({error}): "
                f"remove {self.path.parent}, and all files are landed anew."
            ) from None

    def _remember(self, event: Event) -> None:
        self._count = event.event
        files = self._latest.setdefault((event.source, event.feed), {})
        if event.file is None:
            files.clear()  # a file that comes back after its feed was missing is a change
        else:
            files.pop(None, None)
        files[event.file] = event
        if event.batch:
            self._by_batch[event.batch] = event
            seen = self._columns.setdefault((event.source, event.feed), {})
            for name in ("columns_missing", "columns_added"):
                seen.setdefault(name, set()).update(split_columns(getattr(event, name)))


def _written(instant: datetime) -> str:
    """An instant in UTC as the ledger has it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

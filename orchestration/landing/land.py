"""Lands what was delivered: each new file becomes one Parquet file and one event."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path, PurePosixPath

import duckdb

from orchestration.landing.feeds import Feed
from orchestration.landing.ledger import COUNTS, HELD, LANDED, MISSING, WITHDRAWN, Event, Ledger
from orchestration.landing.output import Output
from orchestration.landing.reasons import Held
from orchestration.landing.sql import connect
from orchestration.landing.text import is_encodable

UNCHANGED = "unchanged"
LARGE_FILE = 10_000_000  # bytes from which a file takes so long that it is worth a line of its own


@dataclass(frozen=True)
class FileOutcome:
    """What this run found of one file; `status` is landed, unchanged, held or missing.

    `file` is relative to the landing folder, and None for a feed that has no file. `rows` and
    `lines_quarantined` count what this run newly landed.
    """

    relation: str
    file: str | None
    status: str
    message: str
    rows: int = 0
    lines_quarantined: int = 0


@dataclass(frozen=True)
class FeedNumbers:
    """The outcomes of one feed added up."""

    landed: int
    unchanged: int
    held: int
    missing: int
    rows: int
    lines_quarantined: int


@dataclass(frozen=True)
class LandingReport:
    """The outcome of each file, feed by feed; `unclaimed` are files that no feed asks for."""

    outcomes: tuple[FileOutcome, ...]
    unclaimed: tuple[str, ...]

    @property
    def landed(self) -> list[FileOutcome]:
        return self._with(LANDED)

    @property
    def unchanged(self) -> list[FileOutcome]:
        return self._with(UNCHANGED)

    @property
    def held(self) -> list[FileOutcome]:
        return self._with(HELD)

    @property
    def missing(self) -> list[FileOutcome]:
        return self._with(MISSING)

    @property
    def messages(self) -> list[str]:
        """A sentence on all that isn't as it should be."""
        return [
            *(each.message for each in [*self.held, *self.missing]),
            *self._quarantined(),
            *(
                f"landing/{file} belongs to no feed: correct `files:` of a table, or remove it."
                for file in self.unclaimed
            ),
        ]

    def _quarantined(self) -> Iterator[str]:
        """What was quarantined, in one sentence a feed however many files it concerns."""
        for relation, numbers in self.feeds.items():
            found = [o for o in self.outcomes if o.relation == relation and o.lines_quarantined]
            if len(found) == 1:
                yield found[0].message
            elif found:
                yield (
                    f"{relation}: {numbers.lines_quarantined:,} lines quarantined in"
                    f" {len(found):,} files, the first of them {found[0].file}."
                )

    @property
    def total(self) -> FeedNumbers:
        return _add_up(self.outcomes)

    @property
    def feeds(self) -> dict[str, FeedNumbers]:
        """The numbers of each feed by its relation, `<source>__<table>`."""
        relations = dict.fromkeys(outcome.relation for outcome in self.outcomes)
        return {
            relation: _add_up([each for each in self.outcomes if each.relation == relation])
            for relation in relations
        }

    def _with(self, status: str) -> list[FileOutcome]:
        return [outcome for outcome in self.outcomes if outcome.status == status]


def _add_up(outcomes: Sequence[FileOutcome]) -> FeedNumbers:
    count = Counter(outcome.status for outcome in outcomes)
    return FeedNumbers(
        landed=count[LANDED],
        unchanged=count[UNCHANGED],
        held=count[HELD],
        missing=count[MISSING],
        rows=sum(outcome.rows for outcome in outcomes),
        lines_quarantined=sum(outcome.lines_quarantined for outcome in outcomes),
    )


def land(
    feeds: Iterable[Feed],
    landing: Path,
    raw: Path,
    now: datetime,
    progress: Callable[[str], None],
) -> LandingReport:
    """Lands all files of `feeds` that are new or changed.

    `now` is an aware instant. A file that can't be loaded is held and the rest still lands; what
    a killed run left behind is removed first. One run at a time: the caller holds the lock.
    """
    feeds, raw = list(feeds), raw.resolve()
    raw.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(raw / "deliveries.jsonl")
    work = raw / ".work"
    _remove_leftovers(raw, work, ledger)
    work.mkdir()
    with connect(work) as connection:
        lander = _Lander(connection, landing, raw, work, ledger, now.astimezone(UTC), progress)
        outcomes = [outcome for feed in feeds for outcome in lander.land_feed(feed)]
    shutil.rmtree(work)
    claimed = {outcome.file for outcome in outcomes}
    delivered = [
        file
        for source in dict.fromkeys(feed.source for feed in feeds)
        for file in _delivered(landing, landing / source, "**/*")
    ]
    unclaimed = (_shown(landing, file) for file in delivered)
    return LandingReport(tuple(outcomes), tuple(file for file in unclaimed if file not in claimed))


def delivery_order(file: str) -> str:
    """A text that sorts deliveries as people number them: `a_9` < `a_10` < `a_10_corrected`.

    It depends on the path alone, never on the arrival.
    """
    stem = str(PurePosixPath(file).with_suffix("")).lower()
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(20), stem)


@dataclass(frozen=True)
class _Lander:
    connection: duckdb.DuckDBPyConnection
    landing: Path
    raw: Path
    work: Path
    ledger: Ledger
    now: datetime
    progress: Callable[[str], None]

    def land_feed(self, feed: Feed) -> list[FileOutcome]:
        paths = _delivered(self.landing, self.landing / feed.source, feed.pattern)
        self._release_withdrawn(feed, {_shown(self.landing, path) for path in paths})
        self.progress(f"{feed.source}/{feed.table}, files: {len(paths):,}")
        outcomes = [self._land_file(feed, path) for path in paths]
        return outcomes or [self._miss(feed)]

    def _release_withdrawn(self, feed: Feed, present: set[str]) -> None:
        """A held file that was taken out of the landing folder holds nothing up any more."""
        for file in self.ledger.held(feed.source, feed.table):
            if file not in present:
                reason = f"{file}: it was held, and was then taken out of the landing folder."
                self.ledger.append(
                    self.now,
                    source=feed.source,
                    feed=feed.table,
                    file=file,
                    status=WITHDRAWN,
                    reason=reason,
                )
                self.progress(reason)

    def _miss(self, feed: Feed) -> FileOutcome:
        reason = (
            f"no file of {feed.source} matches landing/{feed.source}/{feed.pattern}: deliver one, "
            f"or correct `files:` in {feed.yaml}."
        )
        self.ledger.append(
            self.now, source=feed.source, feed=feed.table, file=None, status=MISSING, reason=reason
        )
        return FileOutcome(feed.relation, None, MISSING, reason)

    def _land_file(self, feed: Feed, path: Path) -> FileOutcome:
        feed, file = feed.of_file(path.name), _shown(self.landing, path)
        delivery: dict[str, str | int | None] = {
            "source": feed.source,
            "feed": feed.table,
            "file": file,
            "delivery_order": delivery_order(file),
        }
        try:
            state, sha256 = _state_and_hash(path)
            delivery |= {"bytes": state[0], "sha256": sha256}
            batch = _batch(feed, sha256)
            known = self.ledger.landed(batch)
            is_stored = known is not None and self._is_stored(known, feed)
            if is_stored:
                counts = {name: getattr(known, name) for name in COUNTS}
                rows, quarantined = 0, 0
                message = f"{file}: its content is landed already."
            else:
                if state[0] >= LARGE_FILE:
                    self.progress(f"{file}: landing {state[0]:,} bytes")
                counts = self._land_batch(feed, path, file, batch, state)
                rows, quarantined = counts["rows_accepted"], counts["lines_quarantined"]
                message = f"{file}: {rows:,} rows landed, {quarantined:,} lines quarantined."
        except Held as held:
            reason = f"{file}: {held}."
            self.ledger.append(self.now, status=HELD, reason=reason, **delivery)
            return FileOutcome(feed.relation, file, HELD, reason)
        event = self.ledger.append(self.now, status=LANDED, batch=batch, **delivery, **counts)
        status = UNCHANGED if is_stored and event is None else LANDED
        return FileOutcome(feed.relation, file, status, message, rows, quarantined)

    def _is_stored(self, landed: Event, feed: Feed) -> bool:
        relations = [feed.relation] + ["rejected_lines"] * bool(landed.lines_quarantined)
        return all((self.raw / each / f"{landed.batch}.parquet").exists() for each in relations)

    def _land_batch(
        self, feed: Feed, path: Path, file: str, batch: str, state: tuple[int, int]
    ) -> dict[str, str | int | None]:
        """Writes the Parquet files of a batch and returns the counts for its event."""
        with (
            tempfile.TemporaryDirectory(dir=self.work) as folder,
            closing(Output(self.connection, Path(folder), feed, file, batch, self.now)) as output,
        ):
            _reader(feed)(path, feed, output)
            output.tally.check()
            if _state(path) != state:
                raise Held("it changed while it was read: it is landed at the next run")
            output.publish(self.raw)
        tally = output.tally
        return {
            "lines_physical": tally.physical,
            "lines_header": tally.header,
            "lines_blank": tally.blank,
            "lines_accepted": tally.accepted,
            "lines_quarantined": tally.quarantined,
            "rows_accepted": tally.rows,
            "columns_missing": ",".join(output.columns_missing) or None,
            "columns_added": ",".join(output.columns_added) or None,
        }


def _reader(feed: Feed) -> Callable[[Path, Feed, Output], None]:
    """The reader of the feed's format; what it reads with loads where there is a file to read."""
    return import_module(f"orchestration.landing.{feed.format}_file").read


def _remove_leftovers(raw: Path, work: Path, ledger: Ledger) -> None:
    """Removes what a killed run had written but not recorded."""
    shutil.rmtree(work, ignore_errors=True)
    for parquet in raw.glob("*/*.parquet"):
        if not ledger.landed(parquet.stem):
            parquet.unlink()


def _delivered(landing: Path, folder: Path, pattern: str) -> list[Path]:
    """The files below `folder` in delivery order, without hidden and unfinished ones."""
    found = [
        path
        for path in folder.glob(pattern)
        if not path.is_dir()
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        and not path.name.endswith((".tmp", ".part", "~"))
    ]
    return sorted(found, key=lambda path: (delivery_order(_shown(landing, path)), path))


def _shown(landing: Path, path: Path) -> str:
    """The path below the landing folder, with bytes that are no text as `\\udcNN`."""
    return str(path.relative_to(landing)).encode("utf-8", "backslashreplace").decode()


def _state_and_hash(path: Path) -> tuple[tuple[int, int], str]:
    if not is_encodable(str(path)):
        raise Held("its name is not valid UTF-8: rename it")
    try:
        state = _state(path)
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Held(f"it can't be opened ({error.strerror}): correct its permissions") from None
    if not state[0]:
        raise Held("it is empty (0 bytes): ask the sender for it again")
    return state, sha256


def _batch(feed: Feed, sha256: str) -> str:
    """The name of these bytes read under this description."""
    return hashlib.sha256(f"{feed.relation}{feed.fingerprint}{sha256}".encode()).hexdigest()[:16]


def _state(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change: whoever still writes the file changes them."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns

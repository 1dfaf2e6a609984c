"""Lands what was delivered: each new file becomes one Parquet file and one event."""

from __future__ import annotations

import hashlib
import shutil
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from orchestration.landing.content import content_of, unpacked
from orchestration.landing.delivered import (
    Entry,
    entries_of,
    refuse_what_is_no_file,
    share_out,
)
from orchestration.landing.durable import Group
from orchestration.landing.feeds import Feed
from orchestration.landing.keyed import HashKey, refuse_to_land_in_the_clear
from orchestration.landing.ledger import (
    COUNTS,
    HELD,
    LANDED,
    MISSING,
    REMOVED,
    WITHDRAWN,
    Event,
    Ledger,
    join_columns,
    split_columns,
)
from orchestration.landing.limits import USUAL, Limits
from orchestration.landing.output import Output
from orchestration.landing.reasons import Held
from orchestration.landing.report import UNCHANGED, FileOutcome, LandingReport
from orchestration.landing.sql import connect
from orchestration.landing.stamps import Stamps
from orchestration.landing.text import readable
from orchestration.progress import counted

LARGE_FILE = 10_000_000  # bytes from which a file takes so long that it is worth a line of its own
STAMPS = "stamps.json"  # in `raw/`: nothing is lost with it but time
WORK = ".work"  # where files wait that are not whole yet


# Takes out of a delivered file, before it lands, what must not come back; how many rows that were.
# It is told the feed, the file, and the folder in which its rows wait.
Screen = Callable[[Feed, Path, Path], int]


class _Screened(Exception):
    """A delivered file has lost rows, and is to be read anew."""

    def __init__(self, rows: int):
        super().__init__()
        self.rows = rows


def land(
    feeds: Iterable[Feed],
    landing: Path,
    raw: Path,
    now: datetime,
    progress: Callable[[str], None],
    limits: Limits = USUAL,
    screen: Screen | None = None,
    key: HashKey | None = None,
    verify: bool = False,
) -> LandingReport:
    """Lands all files of `feeds` that are new or changed, without what the `screen` takes out.

    A file whose size and times are as they were is taken to be as it was, but to `verify` reads the
    bytes of all.

    `now` is an aware instant; `key` is that of columns of which a hash is landed. A file that can't
    be loaded is held and the rest still lands; what a killed run left behind is removed first. One
    run at a time: the caller holds the lock. `ValueError` where the key is missing that there was.
    """
    feeds, raw = list(feeds), raw.resolve()
    raw.mkdir(parents=True, exist_ok=True)
    refuse_to_land_in_the_clear(feeds, raw, key)
    ledger = Ledger(raw / "deliveries.jsonl")
    remove_leftovers(raw, ledger)
    work = raw / WORK
    work.mkdir()
    outcomes: list[FileOutcome] = []
    unclaimed: list[str] = []
    with closing(_Database(work)) as database:
        at = now.astimezone(UTC)
        stamps = Stamps(raw / STAMPS, are_trusted=not verify)
        lander = _Lander(
            *(database, landing, raw, ledger, Group(raw, ledger), stamps, at),
            *(progress, limits, screen, key),
        )
        for source in dict.fromkeys(feed.source for feed in feeds):
            of_source = [feed for feed in feeds if feed.source == source]
            shares, left = share_out(of_source, entries_of(landing, source))
            unclaimed += [entry.name for entry in left]
            for feed in of_source:
                outcomes += lander.land_feed(feed, shares[feed.table])
                lander.group.commit()
        stamps.write()
    shutil.rmtree(work)
    return LandingReport(tuple(outcomes), tuple(unclaimed))


class _Database:
    """DuckDB for one file after the other; after a failure the next one gets a new one."""

    def __init__(self, work: Path):
        self.work = work
        self.connection = connect(work)

    def renew(self) -> None:
        self.close()
        self.connection = connect(self.work)

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True)
class _Lander:
    database: _Database
    landing: Path
    raw: Path
    ledger: Ledger
    group: Group
    stamps: Stamps
    now: datetime
    progress: Callable[[str], None]
    limits: Limits
    screen: Screen | None
    key: HashKey | None

    def land_feed(self, feed: Feed, entries: Sequence[Entry]) -> list[FileOutcome]:
        present = {entry.name for entry in entries}
        self._release_withdrawn(feed, present)
        self.progress(f"{feed.source}/{feed.table}, files: {len(entries):,}")
        if not entries:
            return [self._miss(feed)]
        removed = self._removed(feed, present)
        columns = self.ledger.columns(feed.source, feed.table)
        outcomes = []
        for entry in entries:
            outcome = self._land_file(feed, entry)
            if outcome.status == LANDED:
                # What the first file of a feed adds is no news: nobody declared it.
                columns = columns or _columns(outcome, but=("columns_missing",))
                outcome = replace(outcome, **_news(outcome, columns))
            outcomes.append(outcome)
            self.group.commit_if_full()
        return [*outcomes, *removed]

    def _release_withdrawn(self, feed: Feed, present: set[str]) -> None:
        """A held file that was taken out of the landing folder holds nothing up any more."""
        for file in self.ledger.files(feed.source, feed.table, HELD):
            if file not in present:
                reason = f"{file}: it was held, and was then taken out of the landing folder."
                self._record(feed, file, WITHDRAWN, reason)
                self.progress(reason)

    def _removed(self, feed: Feed, present: set[str]) -> list[FileOutcome]:
        """The files that had landed, and have gone since the last run."""
        gone = [f for f in self.ledger.files(feed.source, feed.table, LANDED) if f not in present]
        sentences = {file: f"{file}: no longer in the landing folder." for file in gone}
        for file, sentence in sentences.items():
            self._record(feed, file, REMOVED, sentence)
        return [FileOutcome(feed.relation, f, REMOVED, told) for f, told in sentences.items()]

    def _miss(self, feed: Feed) -> FileOutcome:
        asked = " or ".join(f"landing/{feed.source}/{pattern}" for pattern in feed.patterns)
        has_rows = self.ledger.columns(feed.source, feed.table) is not None
        stay = "; the rows that landed before stay" if has_rows else ""
        reason = (
            f"no file of {feed.source} matches {asked}: deliver one, or correct `files:` in "
            f"{feed.yaml}{stay}."
        )
        event = self._record(feed, None, MISSING, reason)
        is_told_before = event is None if has_rows else feed.is_optional
        return FileOutcome(feed.relation, None, MISSING, reason, is_told_before=is_told_before)

    def _record(self, feed: Feed, file: str | None, status: str, reason: str) -> Event | None:
        return self.ledger.note(
            self.now, source=feed.source, feed=feed.table, file=file, status=status, reason=reason
        )

    def _land_file(self, feed: Feed, entry: Entry) -> FileOutcome:
        file = entry.name
        delivery: dict[str, str | int | None] = {
            "source": feed.source,
            "feed": feed.table,
            "file": file,
            "delivery_order": entry.delivery_order,
        }
        described = feed.of_file(entry.path.name)
        try:
            try:
                return self._land_readable(described, entry, delivery)
            except _Screened as screened:
                once = replace(self, screen=None)
                outcome = once._land_readable(described, entry, delivery)
                return replace(outcome, rows_screened=screened.rows)
        except Held as held:
            cause = str(held)
        except Exception as error:  # whatever it is, the other files land
            self.database.renew()
            cause = _defect(error)
        reason = readable(f"{file}: {cause}.")
        self.ledger.note(self.now, status=HELD, reason=reason, **delivery)
        return FileOutcome(feed.relation, file, HELD, reason)

    def _land_readable(
        self, feed: Feed, entry: Entry, delivery: dict[str, str | int | None]
    ) -> FileOutcome:
        """Lands a file; `delivery` is what is known of it, and gets what becomes known.

        Raises `Held`, or whatever its content brings about, when it can't be landed.
        """
        file = entry.name
        refuse_what_is_no_file(entry, self.landing)
        state, sha256 = self._state_and_hash(entry)
        delivery |= {"bytes": state[0], "sha256": sha256}
        content = content_of(entry.path, feed)
        feed = feed.in_format(content.format)
        batch = batch_of(feed, self.limits, sha256, self.key)
        before, known = self.ledger.latest(feed.source, feed.table, file), self.ledger.landed(batch)
        output = None
        if known and self._is_stored(known, feed):
            counts = {name: getattr(known, name) for name in COUNTS}
        else:
            if state[0] >= LARGE_FILE:
                self.progress(f"{file}: landing {state[0]:,} bytes")
            output = self._land_batch(feed, entry, content.packing, batch, state)
            counts = counts_of(output)
        event = self.ledger.note(self.now, status=LANDED, batch=batch, **delivery, **counts)
        stood = before is not None and before.status == LANDED
        is_other = stood and before.sha256 != sha256
        if output is None:
            status = UNCHANGED if event is None else LANDED
            message = f"{file}: its content is landed already."
            return FileOutcome(feed.relation, file, status, message, replaces=is_other)
        rows, quarantined = counts["rows_accepted"], counts["lines_quarantined"]
        return FileOutcome(
            feed.relation,
            file,
            LANDED,
            f"{file}: {counted(rows, 'row')} landed, {counted(quarantined, 'line')} quarantined.",
            rows,
            quarantined,
            notes=tuple(output.notes),
            replaces=is_other,
            # The same content under another description adds nothing that was not there before.
            columns_added=() if stood and not is_other else split_columns(counts["columns_added"]),
            columns_missing=split_columns(counts["columns_missing"]),
        )

    def _state_and_hash(self, entry: Entry) -> tuple[tuple[int, int], str]:
        try:
            status, sha256 = self.stamps.sha256(entry.name, entry.path)
        except OSError as error:
            raise Held(f"it can't be opened ({error.strerror}): correct its permissions") from None
        if not status.st_size:
            raise Held("it is empty (0 bytes): ask the sender for it again")
        return (status.st_size, status.st_mtime_ns), sha256

    def _is_stored(self, landed: Event, feed: Feed) -> bool:
        relations = [feed.relation] + ["rejected_lines"] * bool(landed.lines_quarantined)
        return all((self.raw / each / f"{landed.batch}.parquet").exists() for each in relations)

    def _land_batch(
        self, feed: Feed, entry: Entry, packing: str, batch: str, state: tuple[int, int]
    ) -> Output:
        """Writes the Parquet files of a batch, and returns what is to be said of them."""
        connection = self.database.connection
        with _empty_folder(self.database.work / "file") as work:
            written = Output(
                *(connection, work, feed, entry.name, batch, self.now, self.limits, self.key)
            )
            with closing(written) as output:
                path = unpacked(entry.path, packing, work, self.limits)
                reader_of(feed)(path, feed, output)
                output.tally.check()
                if _state(entry.path) != state:
                    raise Held("it changed while it was read: it is landed at the next run")
                if self.screen and (rows := self.screen(feed, entry.path, work)):
                    raise _Screened(rows)
                self.group.add(output.publish(self.raw), state[0])
        return output


@contextmanager
def _empty_folder(folder: Path) -> Iterator[Path]:
    """One folder for one file after the other: to make and remove one for each takes longer than
    to read a small file, which leaves it empty."""
    folder.mkdir(exist_ok=True)
    try:
        yield folder
    finally:
        if any(folder.iterdir()):
            shutil.rmtree(folder)


def counts_of(output: Output) -> dict[str, str | int | None]:
    """What the event of a batch says of it."""
    tally = output.tally
    return {
        "lines_physical": tally.physical,
        "lines_header": tally.header,
        "lines_blank": tally.blank,
        "lines_accepted": tally.accepted,
        "lines_quarantined": tally.quarantined,
        "rows_accepted": tally.rows,
        "columns_missing": join_columns(output.columns_missing),
        "columns_added": join_columns(output.columns_added),
    }


def _columns(outcome: FileOutcome, but: Sequence[str] = ()) -> dict[str, frozenset[str]]:
    """The columns that a file adds or lacks, but for some of these two."""
    names = ("columns_missing", "columns_added")
    return {name: frozenset(() if name in but else getattr(outcome, name)) for name in names}


def _news(outcome: FileOutcome, seen: dict[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Of the columns that a file adds or lacks, those that none did before."""
    return {
        name: tuple(column for column in getattr(outcome, name) if column not in columns)
        for name, columns in seen.items()
    }


def _defect(error: Exception) -> str:
    """What is said of a file that failed in a way that nobody foresaw.

    Not the error's own words, which may hold a person's data, but where in the code it came from.
    """
    where = traceback.extract_tb(error.__traceback__)[-1]
    reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
    kind = f"{type(error).__name__}{f': {reason}' if reason else ''}"
    return (
        f"reading it failed ({kind}, in {Path(where.filename).name}:{where.lineno}): take it out "
        "of the landing folder, and report this unless memory or disk ran out"
    )


def reader_of(feed: Feed) -> Callable[[Path, Feed, Output], None]:
    """The reader of the file's format; what it reads with loads where there is a file to read."""
    [format_] = feed.formats
    return import_module(f"orchestration.landing.{format_}_file").read


def remove_leftovers(raw: Path, ledger: Ledger) -> None:
    """Removes what a killed run had written but not recorded, or no longer."""
    shutil.rmtree(raw / WORK, ignore_errors=True)
    for parquet in raw.glob("*/*.parquet"):
        if not ledger.landed(parquet.stem):
            parquet.unlink()


def batch_of(feed: Feed, limits: Limits, sha256: str, key: HashKey | None) -> str:
    """The name of these bytes read under this description, these limits and this key, of which it
    matters what it is for."""
    described = f"{feed.relation}{feed.fingerprint}{limits.of_reading}{sha256}"
    if key and feed.has_keyed_columns:
        described += ",".join([key.id, *(each.name for each in feed.columns if each.keyed)])
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def _state(path: Path) -> tuple[int, int]:
    """Size in bytes and time of the last change: whoever still writes the file changes them."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns

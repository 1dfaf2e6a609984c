"""Takes a person out of what has landed: the files as delivered, the rows in `raw/`, the ledger.

The raw rows of a file are read anew from the file without the person, under the instant at which
they had landed, so that ledger, rows and file agree as after any landing, and nothing lands again.
Of versions that were replaced there are rows and no file.

A kill between any two steps leaves what the next landing mends: rows that no event knows are
removed, and a file that the ledger does not know is landed, without whom marks tell.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.disk import sync
from orchestration.duck import identifier, literal, literal_path
from orchestration.erasure.files import rewritten
from orchestration.erasure.keys import known_keys
from orchestration.erasure.needles import SHORTEST, is_long
from orchestration.erasure.rows import Changes, Identifying, changes_of, identified, orders_of
from orchestration.landing import HashKey, Limits
from orchestration.landing.content import content_of, unpacked
from orchestration.landing.durable import make_durable
from orchestration.landing.feeds import Feed
from orchestration.landing.land import batch_of, counts_of, reader_of
from orchestration.landing.ledger import Event, Ledger
from orchestration.landing.output import Output
from orchestration.landing.sql import connect
from orchestration.project import Project
from orchestration.staged import Rules, Staged

REJECTED = "rejected_lines"
NEAR = ".erasing"  # how a copy in the landing folder ends that is not yet in its place
KnownOf = Callable[[str, Iterable[str]], Collection[str]]
# What may be a value in a line that is no record: what stands between quotes, or between any
# delimiters, blanks or signs.
_QUOTED, _FIELDS = re.compile(r'"([^"]*)"'), re.compile(r"[^,;|\t]+")
_WORDS, _PARTS = re.compile(r"[^\s,;|\"'{}\[\]<>]+"), re.compile(r"[^\s,;|\"'{}\[\]<>():=]+")


@dataclass(frozen=True)
class Found:
    """What becomes of the rows of one batch of a feed."""

    feed: Feed
    batch: str
    changes: Changes


def find_landed(
    project: Project,
    feeds: Iterable[Feed],
    rules: Rules,
    wanted: Identifying,
    orders_of_others: Callable[[set[str]], set[str]],
    known: KnownOf | None = None,
) -> tuple[list[Found], Identifying]:
    """The landed rows of a person, in every version that has landed, and by what they were told.

    Of orders that only rows tell, as those that were refused, `orders_of_others` gives those that
    the warehouse knows to be somebody else's. `known` gives what the marks of an erasure that was
    interrupted tell: some rows have lost the account by which others were found.
    """
    feeds = list(feeds)
    with closing(Staged(rules, project.data / ".spill")) as staged:
        for feed in feeds:
            staged.take(feed, sorted((project.raw / feed.relation).glob("*.parquet")))
        accounts = wanted.values["account"]
        told = {order for feed in feeds for order in orders_of(staged, feed.relation, accounts)}
        found_by = {kind: set(values) for kind, values in wanted.values.items()}
        found_by["order"] |= told - orders_of_others(told)
        for feed in feeds:
            if known or feed.has_keyed_columns:
                for kind, values in identified(staged, feed.relation):
                    found_by[kind].update(known(kind, values) if known else ())
                    found_by[kind].update(_unhashed(values, wanted.values[kind]))
        wanted = Identifying({kind: frozenset(values) for kind, values in found_by.items()})
        is_theirs = line_teller(
            lambda kind, values: wanted.values[kind].intersection(values),
            {feed.source for feed in feeds},
            known_keys().values(),
        )
        set_aside = sorted((project.raw / REJECTED).glob("*.parquet"))
        found = []
        for feed in feeds:
            changes = changes_of(staged, feed, wanted)
            lines_of = rejected_lines(staged.connection, set_aside, feed, is_theirs)
            for batch, lines in lines_of.items():
                changes.setdefault(batch, Changes()).rejected = lines
            found += [Found(feed, batch, each) for batch, each in changes.items() if each]
    return found, wanted


def _unhashed(values: Iterable[str], wanted: Collection[str]) -> Iterator[str]:
    """Those of some values of which the hash is wanted: they landed before there was a key."""
    keys = list(known_keys().values())
    hashes = {each for each in wanted if any(each.startswith(f"{key.id}:") for key in keys)}
    if hashes:
        for value in values:
            if any(key.hashed(value) in hashes for key in keys):
                yield value


def line_teller(
    known: KnownOf, issuers: Iterable[str], keys: Iterable[HashKey]
) -> Callable[[str, str], bool]:
    """Whether a line that is no record is the person's, by its text and its delimiter.

    `known` gives those of some values that are theirs, by kind. Only what nobody else has tells a
    line, and as a whole value: a name or a word of a comment is in lines of others too, and a
    number of few digits is a quantity as well. Of devices and cards landed rows may have hashes,
    and lines the values, so that these are hashed under all `keys`.
    """
    issuers, keys = list(issuers), list(keys)

    def is_theirs(line: str, delimiter: str) -> bool:
        fields = fields_of(line, delimiter)
        numbers = [each for each in fields if not each.isdigit() or len(each) >= SHORTEST]
        accounts = fields | {f"{issuer}:{each}" for issuer in issuers for each in numbers}
        long = list(filter(is_long, fields))
        hashes = (key.hashed(each) for key in keys for each in long)
        tokens = [*long, *(each for each in hashes if each)]
        return bool(
            known("account", accounts)
            or known("contact", long)
            or known("device", tokens)
            or known("card_token", tokens)
        )

    return is_theirs


def fields_of(line: str, delimiter: str) -> set[str]:
    """What may be a value in a line that is no record."""
    fields = [*line.split(delimiter), *_QUOTED.findall(line)]
    for form in (_FIELDS, _WORDS, _PARTS):
        fields += form.findall(line)
    return {each.strip(' \t\r\n"') for each in fields} - {""}


def rejected_lines(
    connection: duckdb.DuckDBPyConnection,
    files: Iterable[Path],
    feed: Feed,
    is_theirs: Callable[[str, str], bool],
) -> dict[str, set[int]]:
    """The numbers of the lines of a feed that were set aside and are the person's, by batch."""
    lines: dict[str, set[int]] = {}
    listed = ", ".join(literal(path) for path in files)
    if not listed:
        return lines
    asked = connection.cursor().execute(
        f"select _batch, line, text from read_parquet([{listed}]) where source = $1 and feed = $2",
        [feed.source, feed.table],
    )
    while some := asked.fetchmany(10_000):
        for batch, line, told in some:
            if is_theirs(told, feed.delimiter):
                lines.setdefault(batch, set()).add(line)
    return lines


class Eraser:
    """Takes rows out of batches; `work` is a folder on the disk of the data."""

    def __init__(self, project: Project, limits: Limits, work: Path):
        self.project, self.limits, self.work = project, limits, work
        self.ledger = Ledger(project.ledger)

    def erase(self, found: Found) -> None:
        """Takes what was found out of one batch, and out of the files in which it was delivered."""
        files = [
            self.project.landing / event.file
            for event in self.ledger.files_of(found.batch)
            if _is_unchanged(self.project.landing / event.file, event)
        ]
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            if files:
                self._erase_delivered(found, files, Path(folder))
            else:
                self._erase_replaced(found, Path(folder))

    def _erase_delivered(self, found: Found, files: list[Path], work: Path) -> None:
        """All of the files have the same bytes; each may be described otherwise by its name."""
        [path, *_] = files
        fresh = rewritten(path, found.feed, found.changes, self.limits, _made(work / "fresh"))
        with fresh.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        [known, *_] = self.ledger.files_of(found.batch)
        if sha256 == known.sha256:
            return
        content = content_of(fresh, found.feed)
        feed = found.feed.of_file(path.name).in_format(content.format)
        key = HashKey.from_environment()
        batch = batch_of(feed, self.limits, sha256, key)
        old = [
            self.project.raw / each / f"{found.batch}.parquet" for each in (feed.relation, REJECTED)
        ]
        there = ", ".join(literal(path) for path in old if path.exists())
        with closing(connect(work)) as connection:
            [(landed_at, rows)] = connection.execute(
                "select min(_landed_at), count(*) filter (filename = $1)"
                f" from read_parquet([{there}], union_by_name = true, filename = true)",
                [str(old[0])],
            ).fetchall()
            reading = _made(work / "reading")
            output = Output(
                *(connection, reading, feed, known.file, batch, landed_at, self.limits, key)
            )
            with closing(output):
                reader_of(feed)(
                    unpacked(fresh, content.packing, reading, self.limits), feed, output
                )
                output.tally.check()
                # A line that was set aside may have made others suspect, which now are rows.
                if output.tally.rows < rows - len(found.changes.removed):
                    raise RuntimeError(
                        f"{known.file} would have {output.tally.rows} rows where {rows} less"
                        f" {len(found.changes.removed)} should stay: please report this."
                    )
                make_durable(output.publish(self.project.raw), self.project.raw)
        facts = counts_of(output) | {"bytes": fresh.stat().st_size, "sha256": sha256}
        self._record(found, batch, facts)
        for path in files:
            put_in_place(fresh, path)
        self._forget(found, batch)

    def _erase_replaced(self, found: Found, work: Path) -> None:
        """Rows whose file is gone, or holds other rows by now."""
        batch = hashlib.sha256(f"erased {found.batch}".encode()).hexdigest()[:16]
        changes, raw = found.changes, self.project.raw
        before = self.ledger.landed(found.batch)
        with closing(connect(work)) as connection:
            connection.execute("create table gone (line bigint)")
            connection.execute("create table blanked (line bigint)")
            _fill(connection, "gone", changes.removed)
            _fill(connection, "blanked", changes.blanked)
            blank = [
                f"case when _line not in (from blanked) then {identifier(name)} end as"
                f" {identifier(name)}"
                for name in changes.columns
            ]
            self._copy(connection, found, found.feed.relation, "_line", blank, batch, work)
            if (raw / REJECTED / f"{found.batch}.parquet").exists():
                _fill(connection, "gone", changes.rejected)
                self._copy(connection, found, REJECTED, "line", [], batch, work)
        removed, rejected = len(changes.removed), len(changes.rejected)
        self._record(
            found,
            batch,
            {
                "sha256": None,
                "lines_physical": before.lines_physical - removed - rejected,
                "lines_accepted": before.lines_accepted - removed,
                "lines_quarantined": before.lines_quarantined - rejected,
                "rows_accepted": before.rows_accepted - removed,
            },
        )
        self._forget(found, batch)

    def _copy(
        self,
        connection: duckdb.DuckDBPyConnection,
        found: Found,
        relation: str,
        line: str,
        blank: list[str],
        batch: str,
        work: Path,
    ) -> None:
        """The rows of a batch but for those that are gone, as a batch of another name."""
        folder, fresh = self.project.raw / relation, work / f"{relation}.parquet"
        replaced = ", ".join([*blank, f"'{batch}' as _batch"])
        old = literal_path(folder / f"{found.batch}.parquet")
        connection.execute(
            f"copy (select * replace ({replaced}) from read_parquet({old})"
            f" where {line} not in (from gone)) to '{fresh}' (format parquet, compression zstd)"
        )
        fresh.rename(folder / f"{batch}.parquet")
        sync(folder)

    def _record(self, found: Found, batch: str, facts: dict[str, str | int | None]) -> None:
        self.ledger.change_batch(found.batch, lambda event: replace(event, batch=batch, **facts))

    def _forget(self, found: Found, batch: str) -> None:
        if batch != found.batch:
            for relation in (found.feed.relation, REJECTED):
                path = self.project.raw / relation / f"{found.batch}.parquet"
                path.unlink(missing_ok=True)


def _is_unchanged(path: Path, event: Event) -> bool:
    """Whether a file is the one that has landed."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == event.sha256


def put_in_place(fresh: Path, path: Path) -> None:
    """A copy in the place of a file, by one rename, for whom the file was for."""
    near = path.with_name(f".{path.name}{NEAR}")
    shutil.copyfile(fresh, near)
    near.chmod(path.stat().st_mode & 0o777)
    sync(near)
    near.replace(path)
    sync(path.parent)


def clear_what_kills_left(landing: Path) -> None:
    """Removes copies that were not put in their places; the lander leaves hidden files alone."""
    for path in landing.rglob(f".*{NEAR}"):
        path.unlink()


def _fill(connection: duckdb.DuckDBPyConnection, table: str, lines: set[int]) -> None:
    connection.execute(f"delete from {table}")
    if lines:
        connection.executemany(f"insert into {table} values ($1)", [[line] for line in lines])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder

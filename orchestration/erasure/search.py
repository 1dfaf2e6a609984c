"""Looks for what tells a person in every file, packed or not: the proof of an erasure."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from orchestration.duck import connect, identifier, literal, literal_path
from orchestration.erasure.needles import AROUND, Needles
from orchestration.erasure.tables import holding, tables_of

CHUNK = 1 << 22
SQLITE = b"SQLite format 3"
PACKED_BADLY = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) + (
    sqlite3.Error,
    duckdb.Error,
)


class Unreadable(Exception):
    """A file that is packed, and can't be unpacked."""


@dataclass
class Searched:
    """What was looked through, and where something was found."""

    files: int = 0
    bytes: int = 0
    found: tuple[Path, ...] = ()
    unreadable: tuple[Path, ...] = ()  # of which only the bytes were looked through


def search(folders: Iterable[Path], needles: Needles, but: Iterable[Path] = ()) -> Searched:
    """Looks through all files of some folders, but for some files."""
    searched, found, unreadable, left = Searched(), [], [], set(but)
    for path in files_of(folders):
        if path not in left:
            searched.files += 1
            searched.bytes += path.stat().st_size
            try:
                if holds(path, needles):
                    found.append(path)
            except Unreadable:
                unreadable.append(path)
    searched.found, searched.unreadable = tuple(found), tuple(unreadable)
    return searched


def files_of(folders: Iterable[Path]) -> Iterator[Path]:
    """The files below some folders, each once, whatever links lead to them."""
    seen = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path not in seen:
                seen.add(path)
                yield path


def holds(path: Path, needles: Needles) -> bool:
    """Whether a file holds a needle: in its bytes, or in what these are packed from.

    Raises `Unreadable` when its bytes hold none, and it can't be unpacked.
    """
    with path.open("rb") as stream:
        start = stream.read(16)
        stream.seek(0)
        if _in_stream(stream, needles):
            return True
    try:
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(path) as stream:
                return _in_stream(stream, needles)
        if start.startswith(b"PK"):
            with zipfile.ZipFile(path) as archive:
                return any(_in_member(archive, each, needles) for each in archive.infolist())
        if start.startswith(b"PAR1"):
            with connect() as connection:
                rows = f"read_parquet({literal_path(path)})"
                return bool(holding(connection, [rows], needles.patterns))
        if start[8:12] == b"DUCK":
            with connect() as connection:
                connection.execute(f"attach {literal(path)} as searched (read_only)")
                relations = [table.relation for table in tables_of(connection, "searched")]
                return bool(holding(connection, relations, needles.patterns))
        if start.startswith(SQLITE):
            return _in_sqlite(path, needles)
    except PACKED_BADLY as error:
        raise Unreadable(path.name) from error
    return False


def is_found(path: Path, needles: Needles) -> bool:
    """Whether a file holds a needle, as far as it can be read."""
    try:
        return holds(path, needles)
    except Unreadable:
        return False


def _in_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, needles: Needles) -> bool:
    with archive.open(member) as stream:
        return _in_stream(stream, needles)


def _in_sqlite(path: Path, needles: Needles) -> bool:
    """Whether a table has it: in the file itself one value stands against the next."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        teach(connection, needles)
        return any(
            connection.execute(
                f"select exists (select 1 from {identifier(table)} where {is_told(columns)})"
            ).fetchone()[0]
            for table, columns in columns_of(connection).items()
        )


def teach(connection: sqlite3.Connection, needles: Needles) -> None:
    """Lets SQLite ask whether a value holds a needle, also as JSON would write it."""

    def holds_one(value: str | bytes | float | None) -> bool:
        content = value if isinstance(value, bytes) else str(value).encode(errors="replace")
        return needles.are_in(content)

    connection.create_function("holds_one", 1, holds_one, deterministic=True)


def is_told(columns: Iterable[str]) -> str:
    """The condition of a row in which one of these columns holds a needle."""
    return " or ".join(f"holds_one({identifier(column)})" for column in columns) or "false"


def columns_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables of a SQLite database, with their columns."""
    tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    return {
        table: [each[1] for each in connection.execute(f"pragma table_info({identifier(table)})")]
        for (table,) in tables
    }


def _in_stream(stream: IO[bytes], needles: Needles) -> bool:
    """Whether a needle is anywhere, also across two pieces; what stands around it is seen too."""
    kept = needles.longest + 2 * AROUND
    before, first, piece = b"", 0, stream.read(CHUNK)
    while piece:
        following = stream.read(CHUNK)
        content = before + piece
        if needles.are_in(content, first, len(content) - (AROUND if following else 0)):
            return True
        # What begins in the first bytes of what is kept was seen whole already.
        first = AROUND if len(content) > kept else first
        before, piece = content[-kept:], following
    return False

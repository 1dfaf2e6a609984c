"""Looks for what tells a person in every file, packed or not: the proof of an erasure."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import duckdb

from orchestration.duck import connect, literal, literal_path
from orchestration.erasure.tables import holding, tables_of

CHUNK = 1 << 22
# A shorter value, such as a first name or a number of four digits, stands in other words. In
# scripts of syllables and words three characters are as rare.
SHORTEST, SHORTEST_BEYOND_ASCII = 6, 3


@dataclass(frozen=True)
class Needles:
    """What is looked for, as text and as the bytes that it may be written in."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str]) -> Needles:
        """Values that are long enough to be nobody else's, and the hashes that ad platforms get."""
        found = set(filter(is_long, values))
        hashes = {hashlib.sha256(value.lower().encode()).hexdigest() for value in found}
        return cls(tuple(sorted(found | hashes)))

    @property
    def pattern(self) -> str:
        return "|".join(map(re.escape, self.texts)) or "(?!)"

    @cached_property
    def in_bytes(self) -> re.Pattern[bytes]:
        written = {
            form
            for text in self.texts
            for form in (
                text.encode(),
                text.encode("utf-16-le"),
                text.encode("gb18030", "ignore"),
                json.dumps(text)[1:-1].encode(),
            )
        }
        return re.compile(b"|".join(map(re.escape, sorted(written))) or b"(?!)")

    @property
    def longest(self) -> int:
        """No needle takes more bytes, however it is written."""
        return 12 * max(map(len, self.texts), default=0)


def is_long(value: str) -> bool:
    """Whether a value is so long that it stands in no other text by chance."""
    return len(value) >= (SHORTEST if value.isascii() else SHORTEST_BEYOND_ASCII)


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
                return bool(holding(connection, [rows], needles.pattern))
        if start[8:12] == b"DUCK":
            with connect() as connection:
                connection.execute(f"attach {literal(path)} as searched (read_only)")
                relations = [table.relation for table in tables_of(connection, "searched")]
                return bool(holding(connection, relations, needles.pattern))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, duckdb.Error, RuntimeError) as error:
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


def _in_stream(stream: IO[bytes], needles: Needles) -> bool:
    """Whether a needle is anywhere, also across two pieces."""
    before = b""
    while piece := stream.read(CHUNK):
        if needles.in_bytes.search(before + piece):
            return True
        before = (before + piece)[-needles.longest :]
    return False

"""A Parquet file that begins as another one does: its first groups of rows are copied as they are.

No library does that, though the format allows it: a group is a stretch of bytes, and all that is
said of groups, with the places of their bytes, stands in the footer. A footer is a struct in the
compact protocol of Thrift, which is read and written here by what every struct has: numbered
fields of a few kinds. The names of the fields are those of parquet.thrift
(https://parquet.apache.org/docs/file-format/metadata/).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"PAR1"
# FileMetaData, RowGroup, ColumnChunk, ColumnMetaData: the numbers of the fields that are asked.
NUM_ROWS, ROW_GROUPS = 3, 4
COLUMNS, GROUP_OFFSET = 1, 5
CHUNK_OFFSET, META_DATA = 2, 3
DATA_PAGE_OFFSET, INDEX_PAGE_OFFSET, DICTIONARY_PAGE_OFFSET = 9, 10, 11
BLOOM_FILTER_OFFSET, BLOOM_FILTER_LENGTH = 14, 15
PAGES = (DATA_PAGE_OFFSET, INDEX_PAGE_OFFSET, DICTIONARY_PAGE_OFFSET)
# The fields of a group, of a chunk and of its metadata that hold no place but those. Another one,
# such as that of a page index, could.
OF_GROUP, OF_CHUNK, OF_META_DATA = set(range(1, 7)), {CHUNK_OFFSET, META_DATA}, set(range(1, 18))
# Kinds of values.
TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, STRUCT = 1, 2, 3, 7, 8, 9, 12
INTEGERS = (4, 5, 6)

# A field is its kind and its value, and a struct its fields by number. A list is the kind of its
# elements and these. Whether a field is true is told by its kind.
Struct = dict[int, tuple[int, Any]]


def write_after(begin: Path, rows: int, end: Path, file: Path) -> bool:
    """Writes as `file` the first rows of `begin`, then all of `end`.

    False where no group of `begin` ends with these rows, or something is told of groups that is not
    known here, and then nothing is written. Both have the same columns, and were written as DuckDB
    does: groups, then Bloom filters in the order of groups, then the footer. What the file tells of
    itself is told by `end`.
    """
    with begin.open("rb") as first, end.open("rb") as second:
        kept, added = _File.read(first), _File.read(second)
        ends = [0, *accumulate(group[NUM_ROWS][1] for group in kept.groups)]
        if rows not in ends or not (_are_known(kept.groups) and _are_known(added.groups)):
            return False
        groups = ends.index(rows)
        with file.open("wb") as written:
            _write(first, kept, groups, second, added, written)
    return True


def _write(
    first: BinaryIO, kept: _File, groups: int, second: BinaryIO, added: _File, written: BinaryIO
) -> None:
    of_kept, pages = kept.groups[:groups], kept.place_of(groups)
    blooms, of_added = _blooms(of_kept), _blooms(added.groups)
    _copy(first, written, 0, pages)
    _copy(second, written, len(MAGIC), added.place_of(len(added.groups)))
    _move(of_kept, blooms=written.tell() - blooms.start)
    _copy(first, written, blooms.start, blooms.stop)
    _move(added.groups, pages=pages - len(MAGIC), blooms=written.tell() - of_added.start)
    _copy(second, written, of_added.start, of_added.stop)
    written.write(added.footer_after(of_kept))


@dataclass(frozen=True)
class _File:
    """The footer of a file and the place where it begins."""

    footer: Struct
    place: int

    @classmethod
    def read(cls, file: BinaryIO) -> _File:
        size = file.seek(-8, 2)
        place = size - int.from_bytes(file.read(4), "little")
        file.seek(place)
        return cls(_Reader(file.read(size - place)).struct(), place)

    @property
    def groups(self) -> list[Struct]:
        return self.footer[ROW_GROUPS][1][1]

    def place_of(self, group: int) -> int:
        """Where the pages of a group begin, or those of the last one end."""
        if group < len(self.groups):
            return min(_places(self.groups[group], *PAGES))
        return _blooms(self.groups).start or self.place

    def footer_after(self, before: list[Struct]) -> bytes:
        """The end of a file that has these groups before its own."""
        all_groups = [*before, *self.groups]
        kind, _ = self.footer[NUM_ROWS]
        rows = sum(group[NUM_ROWS][1] for group in all_groups)
        told = {**self.footer, NUM_ROWS: (kind, rows), ROW_GROUPS: (LIST, (STRUCT, all_groups))}
        footer = bytearray()
        _write_struct(footer, told)
        return bytes(footer) + len(footer).to_bytes(4, "little") + MAGIC


def _columns(group: Struct) -> Iterator[tuple[Struct, Struct]]:
    """What is said of a column of a group, and within it of its pages."""
    for chunk in group[COLUMNS][1][1]:
        yield chunk, chunk[META_DATA][1]


def _are_known(groups: list[Struct]) -> bool:
    return all(group.keys() <= OF_GROUP for group in groups) and all(
        chunk.keys() <= OF_CHUNK and column.keys() <= OF_META_DATA
        for group in groups
        for chunk, column in _columns(group)
    )


def _places(group: Struct, *fields: int) -> Iterator[int]:
    for _, column in _columns(group):
        yield from (column[field][1] for field in fields if field in column)


def _blooms(groups: list[Struct]) -> range:
    """Where the Bloom filters of these groups are, which follow each other."""
    places = [
        (column[BLOOM_FILTER_OFFSET][1], column[BLOOM_FILTER_LENGTH][1])
        for group in groups
        for _, column in _columns(group)
        if BLOOM_FILTER_OFFSET in column
    ]
    return range(min(places)[0], sum(max(places))) if places else range(0)


def _move(groups: list[Struct], pages: int = 0, blooms: int = 0) -> None:
    """Tells of groups that their bytes are further back."""
    for group in groups:
        _add(group, pages, GROUP_OFFSET)
        for chunk, column in _columns(group):
            _add(chunk, pages, CHUNK_OFFSET)
            _add(column, pages, *PAGES)
            _add(column, blooms, BLOOM_FILTER_OFFSET)


def _add(struct: Struct, bytes_: int, *fields: int) -> None:
    for field in fields:
        kind, place = struct.get(field, (0, 0))
        if place:
            struct[field] = kind, place + bytes_


def _copy(source: BinaryIO, target: BinaryIO, start: int, stop: int) -> None:
    """Appends a stretch of one file to another, a few megabytes at a time."""
    source.seek(start)
    while start < stop:
        piece = source.read(min(stop - start, 2**22))
        target.write(piece)
        start += len(piece)


class _Reader:
    """Structs of the compact protocol, one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def struct(self) -> Struct:
        fields: Struct = {}
        number = 0
        while head := self.byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self.integer()
            fields[number] = kind, None if kind in (TRUE, FALSE) else self.value(kind)
        return fields

    def value(self, kind: int) -> Any:
        if kind in INTEGERS:
            return self.integer()
        if kind == BINARY:
            return self.bytes(self.natural())
        if kind == STRUCT:
            return self.struct()
        if kind == LIST:
            head = self.byte()
            size, of = head >> 4, head & 15
            size = self.natural() if size == 15 else size
            return of, [self.value(of) for _ in range(size)]
        return self.bytes({BYTE: 1, DOUBLE: 8}[kind])

    def byte(self) -> int:
        self.at += 1
        return self.content[self.at - 1]

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.content[self.at - count : self.at]

    def natural(self) -> int:
        number = shift = 0
        while (byte := self.byte()) > 127:
            number |= (byte & 127) << shift
            shift += 7
        return number | byte << shift

    def integer(self) -> int:
        number = self.natural()
        return number >> 1 ^ -(number & 1)


def _write_struct(written: bytearray, fields: Struct) -> None:
    before = 0
    for number, (kind, value) in fields.items():
        if 0 < number - before < 16:
            written.append(number - before << 4 | kind)
        else:
            written.append(kind)
            _write_integer(written, number)
        before = number
        if kind not in (TRUE, FALSE):
            _write_value(written, kind, value)
    written.append(0)


def _write_value(written: bytearray, kind: int, value: Any) -> None:
    if kind in INTEGERS:
        _write_integer(written, value)
    elif kind == BINARY:
        _write_natural(written, len(value))
        written += value
    elif kind == STRUCT:
        _write_struct(written, value)
    elif kind == LIST:
        of, values = value
        written.append(min(len(values), 15) << 4 | of)
        if len(values) > 14:
            _write_natural(written, len(values))
        for each in values:
            _write_value(written, of, each)
    else:
        written += value


def _write_natural(written: bytearray, number: int) -> None:
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)


def _write_integer(written: bytearray, number: int) -> None:
    _write_natural(written, number << 1 if number >= 0 else (-number << 1) - 1)

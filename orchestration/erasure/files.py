"""Takes rows out of a delivered file, and columns out of rows, and leaves all else as it was sent.

A removed row of text or of a workbook becomes an empty line, so that every other keeps its number;
Parquet has none, so that the rows after it move up. In a row that loses columns, what no declared
column asked for is lost too: nobody can tell what it holds.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import MergedCell

from orchestration.duck import connect, identifier, literal, literal_path
from orchestration.erasure.rows import Changes
from orchestration.landing import csv_file, jsonl_file, text
from orchestration.landing.content import content_of, only_file, unpacked
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import Match, match
from orchestration.landing.limits import Limits
from orchestration.landing.reasons import Rejected

_SEPARATORS = re.compile(r"[\s,:]*")
# When a workbook was made and changed, in its properties.
_INSTANT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class Rewrite:
    """What is needed to rewrite one file: `feed` describes it, `work` is an empty folder."""

    feed: Feed
    changes: Changes
    limits: Limits
    work: Path

    def keeps(self, line: int, matched: Match, width: int) -> list[bool]:
        """Which of the fields of a line stay."""
        if line not in self.changes.blanked:
            return [True] * width
        positions = zip(self.feed.columns, matched.positions, strict=True)
        kept = {at for column, at in positions if column.name not in self.changes.columns}
        return [at in kept for at in range(width)]


def rewritten(path: Path, feed: Feed, changes: Changes, limits: Limits, work: Path) -> Path:
    """A copy of a delivered file in `work` without what goes, of the same format and packing."""
    content = content_of(path, feed)
    feed = feed.of_file(path.name).in_format(content.format)
    plain = unpacked(path, content.packing, work, limits)
    fresh = work / "rewritten"
    writers: dict[str, Callable[[Path, Path, Rewrite], None]] = {
        "csv": _rewrite_csv,
        "jsonl": _rewrite_jsonl,
        "xlsx": _rewrite_workbook,
        "parquet": _rewrite_parquet,
    }
    writers[content.format](plain, fresh, Rewrite(feed, changes, limits, work))
    return _packed(path, content.packing, fresh, work / "packed")


def _packed(path: Path, packing: str, fresh: Path, packed: Path) -> Path:
    """The file packed as it was; the same content gives the same bytes whenever it is packed."""
    if packing == "gzip":
        with (
            packed.open("wb") as target,
            gzip.GzipFile("", "wb", fileobj=target, mtime=0) as zipped,
            fresh.open("rb") as plain,
        ):
            shutil.copyfileobj(plain, zipped)
        return packed
    if packing == "zip":
        with zipfile.ZipFile(path) as archive:
            member = only_file(archive)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            named = zipfile.ZipInfo(member.filename, member.date_time)
            named.compress_type = zipfile.ZIP_DEFLATED
            with fresh.open("rb") as plain, archive.open(named, "w", force_zip64=True) as zipped:
                shutil.copyfileobj(plain, zipped)
        return packed
    return fresh


def _codec(path: Path, feed: Feed) -> str:
    """The encoding in which a byte order mark is a character like others, and stays."""
    named = text.encoding_of(path, feed)
    if named == "utf-8-sig":
        return "utf-8"
    if named == "utf-16":
        with path.open("rb") as stream:
            return "utf-16-be" if stream.read(2) == codecs.BOM_UTF16_BE else "utf-16-le"
    return named


def _as_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """The bytes that `text` could not decode, as they were."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return bytes(ord(c) - 0xDC00 for c in error.object[error.start : error.end]), error.end


codecs.register_error("regulars.bytes_again", _as_bytes)


def _lines_copied(
    path: Path, fresh: Path, feed: Feed, edit: Callable[[int, str, Iterator[str]], str]
) -> None:
    """Copies a text line by line; `edit` gives what is written for a line, by its number, and may
    take lines that follow."""
    codec = _codec(path, feed)
    with (
        path.open(encoding=codec, errors="regulars.escape_bytes", newline="") as source,
        fresh.open("w", encoding=codec, errors="regulars.bytes_again", newline="") as target,
    ):
        numbered = _Counted(source)
        for line in numbered:
            target.write(edit(numbered.number, line, numbered))


class _Counted:
    """Lines that know how many have been taken."""

    def __init__(self, lines: Iterator[str]):
        self._lines = lines
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _rewrite_csv(path: Path, fresh: Path, rewrite: Rewrite) -> None:
    feed, changes = rewrite.feed, rewrite.changes
    matched: Match | None = None

    def edit(number: int, line: str, following: Iterator[str]) -> str:
        nonlocal matched
        plain = line.removeprefix("\ufeff")
        mark = line[: len(line) - len(plain)]
        if matched is None:
            if feed.delimiter not in plain and not plain.strip():
                return line
            record = _record(plain, following, feed)
            matched = match(feed.columns, _split(record, feed))
            return mark + record
        if number in changes.rejected:
            return _end_of(line)
        if number in changes.removed:
            record = _record(plain, following, feed)
            return mark + "".join(map(_end_of, record.splitlines(keepends=True)))
        if number in changes.blanked:
            record = _record(plain, following, feed)
            spans = _spans(record.rstrip("\r\n"), feed)
            kept = rewrite.keeps(number, matched, len(spans))
            fields = [f if stays else "" for f, stays in zip(spans, kept, strict=True)]
            return mark + feed.delimiter.join(fields) + _end_of(record)
        return line

    _lines_copied(path, fresh, feed, edit)


def _record(line: str, following: Iterator[str], feed: Feed) -> str:
    """The record that begins with a line, with the lines on which it goes on.

    A line that is no record, such as one that was set aside, is taken alone.
    """
    record = line
    for _ in range(csv_file.MAX_LINES_OF_RECORD):
        try:
            _split(record, feed)
            return record
        except Rejected as rejected:
            if rejected.reason != "unclosed_quote":
                return record
        more = next(following, None)
        if more is None:
            return record
        record += more
    return record


def _split(record: str, feed: Feed) -> list[str]:
    return csv_file.split(record.rstrip("\r\n"), feed.delimiter, feed.quote)


def _spans(record: str, feed: Feed) -> list[str]:
    """The fields of a record as they are written, with their quotes."""
    if not feed.quote:
        return record.split(feed.delimiter)
    field = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(feed.delimiter)}]*')
    spans, position = [], 0
    while True:
        found = field.match(record, position)
        spans.append(found[0])
        if found.end() == len(record):
            return spans
        position = found.end() + 1


def _rewrite_jsonl(path: Path, fresh: Path, rewrite: Rewrite) -> None:
    feed, changes = rewrite.feed, rewrite.changes
    gone = changes.removed | changes.rejected

    def edit(number: int, line: str, following: Iterator[str]) -> str:
        if number in gone:
            return _end_of(line) or "\n"  # a file of nothing would be none
        if number not in changes.blanked:
            return line
        plain = line.removeprefix("\ufeff").rstrip("\r\n")
        paths = jsonl_file.paths_of(plain, feed, rewrite.limits)
        kept = rewrite.keeps(number, match(feed.columns, paths), len(paths))
        stay = {path for path, stays in zip(paths, kept, strict=True) if stays}
        return _blanked(plain, stay) + _end_of(line)

    _lines_copied(path, fresh, feed, edit)


def _blanked(line: str, stay: set[str]) -> str:
    """A JSON object of which only what stays, by path, has a value; its text is as it was."""
    decoder, pieces, copied = json.JSONDecoder(), [], 0

    def go_through(position: int, above: str) -> int:
        """Goes through the object that begins at a position; returns where it ends."""
        nonlocal copied
        position = _SEPARATORS.match(line, position + 1).end()
        while line[position] != "}":
            key, end = decoder.raw_decode(line, position)
            start = _SEPARATORS.match(line, end).end()
            path = f"{above}{key}"
            if path in stay:
                _, position = decoder.raw_decode(line, start)
            elif line[start] == "{" and any(each.startswith(f"{path}.") for each in stay):
                position = go_through(start, f"{path}.")
            else:
                _, position = decoder.raw_decode(line, start)
                pieces.extend((line[copied:start], "null"))
                copied = position
            position = _SEPARATORS.match(line, position).end()
        return position + 1

    go_through(line.index("{"), "")
    return "".join((*pieces, line[copied:]))


def _rewrite_workbook(path: Path, fresh: Path, rewrite: Rewrite) -> None:
    """Writes the values of a workbook anew; formulas become the values that they had.

    openpyxl writes the texts of a workbook that its cells have, and no others.
    """
    feed, changes = rewrite.feed, rewrite.changes
    gone = changes.removed | changes.rejected
    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheets = visible if feed.sheet == "*" else [book[feed.sheet] if feed.sheet else visible[0]]
    matched, number = None, 0
    for sheet in sheets:
        for row in sheet.iter_rows():
            number += 1
            values = [cell.value for cell in row]
            if matched is None:
                if any(value is not None for value in values):
                    matched = match(feed.columns, [str(v or "") for v in values])
                continue
            kept = [False] * len(row)
            if number not in gone:
                kept = rewrite.keeps(number, matched, len(row))
            for cell, stays in zip(row, kept, strict=True):
                if not (stays or isinstance(cell, MergedCell)):  # which shows another's value
                    cell.value, cell.comment, cell.hyperlink = None, None, None
    book.save(rewrite.work / "saved")
    _as_if_long_ago(rewrite.work / "saved", fresh)


def _as_if_long_ago(saved: Path, fresh: Path) -> None:
    """A copy of a workbook that does not tell when it was written, so that the same file, delivered
    again, becomes the same again."""
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fresh, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = _INSTANT.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            undated = zipfile.ZipInfo(member.filename)
            undated.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(undated, content)


def _rewrite_parquet(path: Path, fresh: Path, rewrite: Rewrite) -> None:
    feed, changes = rewrite.feed, rewrite.changes
    with connect(preserve_insertion_order="true") as connection:
        rows = f"read_parquet({literal_path(path)}, file_row_number = true)"
        names = [
            name
            for name, *_ in connection.execute(f"describe select * from {rows}").fetchall()
            if name != "file_row_number"
        ]
        matched = match(feed.columns, names)
        connection.execute("create table changes (_line bigint, _is_removed boolean)")
        lines = [[line, True] for line in changes.removed | changes.rejected]
        lines += [[line, False] for line in changes.blanked]
        connection.executemany("insert into changes values ($1, $2)", lines)
        some = next(iter(changes.blanked), 0)
        kept = rewrite.keeps(some, matched, len(names))
        selected = [
            f"rows.{each}"
            if stays
            else f"case when changes._line is null then rows.{each} end as {each}"
            for each, stays in zip(map(identifier, names), kept, strict=True)
        ]
        [(codec,)] = connection.execute(
            f"select lower(any_value(compression)) from parquet_metadata({literal_path(path)})"
        ).fetchall()
        connection.execute(
            f"copy (select {', '.join(selected)} from {rows} as rows left join changes"
            " on rows.file_row_number + 1 = changes._line"
            " where not coalesce(changes._is_removed, false)"
            f" order by rows.file_row_number) to {literal(fresh)} (format parquet,"
            f" compression {codec or 'zstd'})"
        )

"""CSV: DuckDB reads the lines that are proven to be one record each, Python looks at any other."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO

import duckdb
import numpy as np

from orchestration.duck import literal, literal_path
from orchestration.landing import text
from orchestration.landing.blocks import Lines, LineTooLong, blocks
from orchestration.landing.csv_lines import NO_ROW, Records
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import match_or_hold
from orchestration.landing.output import DUCKDB_LINE, Found, Output, csv_options
from orchestration.landing.reasons import Held, Rejected

BLOCK = 1 << 18  # bytes that are looked at together: they stay in the processor's cache
SMALL = 1 << 14  # bytes of a file below which it is cheaper to look at each line
EMPTY = "it is empty, without even a header: ask the sender for a complete file"
MAX_LINES_OF_RECORD = 50
MAX_RECORD = 1 << 20  # characters of a record of several lines
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one file; raises `Held` when nothing of it can be loaded."""
    encoding = text.encoding_of(path, feed)
    if path.stat().st_size >= SMALL and not feed.filled_down:
        if _read_in_bulk(path, feed, encoding, output):
            return
        output.begin_anew()
    _read_line_by_line(path, feed, encoding, output)


def _read_in_bulk(path: Path, feed: Feed, encoding: str, output: Output) -> bool:
    """Lets DuckDB read the lines that are records beyond doubt, and looks at the others one by one.

    Which lines those are is known before DuckDB begins, and it must find as many: what it makes of
    any other line doesn't matter. False, with nothing done that counts, when that can't be so.
    """
    with _Bulk(text.as_utf8(path, encoding, output.work), feed, encoding, output) as bulk:
        try:
            bulk.read()
        except (_Cut, LineTooLong):
            return False
    try:
        return output.finish(bulk.found, bulk.rows)
    except duckdb.InvalidInputException:
        return False


class _Bulk:
    """Reads a file block by block, and knows what of it DuckDB is to read: the file itself while
    each line after its header is a record, else a copy in which other lines are place holders."""

    def __init__(self, file: text.Utf8, feed: Feed, encoding: str, output: Output):
        self.path, self.begins, self.errors = file
        self.feed, self.encoding, self.output = feed, encoding, output
        self.rows = self.lines = 0
        self._careful: _Careful | None = None
        self._records: Records | None = None
        self._copy: IO[bytes] | None = None
        self._as_it_is = self.begins  # bytes of the file that need no copy

    def __enter__(self) -> _Bulk:
        return self

    def __exit__(self, *_: object) -> None:
        if self._copy:
            self._copy.close()

    def read(self) -> None:
        """Raises `Held`, `LineTooLong`, or `_Cut` of a header."""
        rest, longest = b"", self.output.limits.line_characters
        for block, is_last in blocks(self.path, self.begins, BLOCK, longest):
            if rest or block:
                rest = self._take(Lines(rest + block, longest), is_last)
        if self._careful is None:
            raise Held(EMPTY)
        self._careful.end(self.lines)

    @property
    def found(self) -> Found | None:
        """What DuckDB is to read."""
        if not self.rows:
            return None
        if self._copy:
            self._copy.close()
        read = Path(self._copy.name) if self._copy else self.path
        matched, delimiter = self._careful.matched, literal(self.feed.delimiter)
        names = [f"h{number}" for number in range(self._records.width)]
        typed = ", ".join(f"{name}: 'varchar'" for name in names)
        relation = (
            f"read_csv({literal_path(read)}, {csv_options(self.feed.quote)}, delim = {delimiter}, "
            f"columns = {{{typed}}}, skip = {0 if self._copy else 1}, "
            f"max_line_size = {DUCKDB_LINE})"
        )
        line = f"row_number() over () + {0 if self._copy else 1}"
        where = f"{names[0]} is distinct from chr({NO_ROW[0]})" if self._copy else "true"
        numbered = f"(select {line} as line, * from {relation}) where {where}"
        return Found("line", matched.pick(names), numbered)

    def _take(self, lines: Lines, is_last: bool) -> bytes:
        """Takes the records that are whole, and returns what follows on them."""
        window = _Window(lines, self.lines, is_last, self.errors)
        others: list[tuple[int, int]] = []
        if self._careful is None:
            header = _take_header(window, self.feed, self.encoding, self.output)
            self._begin(header, lines, window)
            others.append((0, window.place))
        is_record = self._records.among(lines, is_last)
        until = len(lines)
        for place in (np.flatnonzero(~is_record[window.place :]) + window.place).tolist():
            if place < window.place:
                continue  # it goes on with a record that was taken
            window.place = place
            try:
                self._careful.take(window.take(), window)
            except _Cut:
                until = place
                break
            others.append((place, window.place))
        self._keep(lines, others, until)
        self.lines += until
        return lines.data[lines.starts[until] :] if until < len(lines) else b""

    def _begin(self, header: list[str], lines: Lines, window: _Window) -> None:
        feed, limits = self.feed, self.output.limits
        self._careful = _Careful(feed, self.encoding, header, self.output)
        named = (part for name in self._careful.header_row for part in (name or "").split('"'))
        end = lines[window.place - 1]
        self._header_ends_usually = end.endswith(b"\n")
        self._records = Records(
            delimiter=ord(feed.delimiter),
            has_quotes=bool(feed.quote),
            width=len(header),
            word=max(named, key=len).encode(),
            most=min(limits.cell_characters, DUCKDB_LINE // 2),
            line_end=b"\r\n" if end.endswith(b"\r\n") else b"\n",
        )

    def _keep(self, lines: Lines, others: list[tuple[int, int]], until: int) -> None:
        """Adds the records of the lines up to `until`, without the `others`, for DuckDB."""
        self.rows += until - sum(end - begin for begin, end in others)
        is_usual = others == ([] if self.lines else [(0, 1)]) and self._header_ends_usually
        size = int(lines.nexts[until - 1]) if until else 0
        if self._copy is None:
            if is_usual:
                self._as_it_is += size
                return
            self._begin_copy()
        empty, kept = self._records.placeholder, 0
        for begin, end in others:
            self._copy.write(lines.data[kept : lines.starts[begin]])
            self._copy.write(empty * (end - begin))
            kept = int(lines.nexts[end - 1])
        self._copy.write(lines.data[kept:size])

    def _begin_copy(self) -> None:
        """Copies what needed no copy so far."""
        self._copy = (self.output.work / "records.csv").open("wb")
        with self.path.open("rb") as stream:
            stream.seek(self.begins)
            if self.lines:
                stream.readline()
                self._copy.write(self._records.placeholder)
            while size := min(BLOCK, self._as_it_is - stream.tell()):
                self._copy.write(stream.read(size))


class _Cut(Exception):
    """What a line means depends on lines that are not there yet."""


class _Window:
    """Lines by their place in a block, in the manner of `_Lines`."""

    def __init__(self, lines: Lines, before: int, is_last: bool, errors: str):
        self.place = 0
        self._lines, self._before, self._is_last, self._errors = lines, before, is_last, errors

    @property
    def taken(self) -> int:
        return self._before + self.place

    def take(self) -> text.Line | None:
        line = self.peek(0)
        self.place += line is not None
        return line

    def take_more(self, count: int) -> list[text.Line]:
        return [line for _ in range(count) if (line := self.take())]

    def peek(self, distance: int) -> text.Line | None:
        place = self.place + distance
        if place < len(self._lines):
            return text.line_of(self._lines[place].decode(errors=self._errors))
        if self._is_last:
            return None
        raise _Cut


@cache
def _quoted_fields(delimiter: bytes) -> re.Pattern[bytes]:
    """Finds the fields of which the first and the last character are the quotes around them."""
    return re.compile(
        rb'(?<![^%b\n])"(?:[^"\r\n]|"")*+"(?=[%b\r\n]|\Z)' % ((re.escape(delimiter),) * 2)
    )


class _Lines:
    """Physical lines one by one, with a look at those that follow."""

    def __init__(self, lines: Iterator[text.Line]):
        self._lines = lines
        self._ahead: deque[text.Line] = deque()
        self.taken = 0

    def take(self) -> text.Line | None:
        line = self._ahead.popleft() if self._ahead else next(self._lines, None)
        self.taken += line is not None
        return line

    def take_more(self, count: int) -> list[text.Line]:
        """Lines that were looked at before."""
        return [line for _ in range(count) if (line := self.take())]

    def peek(self, distance: int) -> text.Line | None:
        """The line `distance` lines after the next one."""
        while len(self._ahead) <= distance:
            line = next(self._lines, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[distance]


def _read_line_by_line(path: Path, feed: Feed, encoding: str, output: Output) -> None:
    """Looks at each line of a file."""
    lines = _Lines(text.lines(path, encoding, output.limits.line_characters))
    careful = _Careful(feed, encoding, _take_header(lines, feed, encoding, output), output)
    while line := lines.take():
        careful.take(line, lines)
    careful.end(lines.taken)
    output.finish()


class _Careful:
    """Takes record after record, and sets aside single lines that are none."""

    def __init__(self, feed: Feed, encoding: str, header: list[str], output: Output):
        self.feed, self.encoding, self.header, self.output = feed, encoding, header, output
        self.matched = match_or_hold(feed, header, output.limits)
        self.header_row = self.matched.pick(header)
        output.columns_missing = self.matched.missing(feed.columns)
        output.columns_added = self.matched.added
        self._undecodable = self._open_until = 0

    def take(self, line: text.Line, lines: _Lines | _Window) -> None:
        """Takes what begins at a line that was taken: a record, or lines to be set aside."""
        if _is_blank(line.text, self.feed.delimiter):
            self.output.tally.blank += 1
            return
        reason = self._take_row(line, lines)
        self._undecodable += reason == "undecodable_text"
        if reason and '"' in line.text:
            is_over = reason == "fused_records"
            self._open_until = 0 if is_over else lines.taken + MAX_LINES_OF_RECORD

    def end(self, physical: int) -> None:
        """To be told how many lines the file has; raises `Held` if that can't be text."""
        self.output.tally.physical = physical
        text.hold_if_undecodable(self.feed, self.encoding, self._undecodable, physical)

    def _take_row(self, line: text.Line, lines: _Lines | _Window) -> str | None:
        """Hands over the record that begins at `line`, or why its lines are set aside.

        Where a line before was set aside that may have opened a quote, what closes it may look like
        a record whose first field is the end of another.
        """
        feed, number, taken = self.feed, lines.taken, [line.text]
        is_open = number <= self._open_until and feed.quote
        try:
            fields, following = _record(line, lines, feed, len(self.header))
            if is_open and _has_stray_quote(line.text, feed.delimiter):
                raise Rejected("fused_records", 1 + following)
            taken += [each.text for each in lines.take_more(following)]
            row = self.matched.pick(fields)
            if row == self.header_row:
                self.output.tally.header += len(taken)  # files that were put one behind the other
            else:
                self.output.accept(number, row, len(taken))
        except Rejected as rejected:
            taken += [each.text for each in lines.take_more(rejected.lines - len(taken))]
            for place, each in enumerate(taken):
                self.output.reject(number + place, each, rejected.reason)
            return rejected.reason
        return None


def _take_header(lines: _Lines | _Window, feed: Feed, encoding: str, output: Output) -> list[str]:
    """The fields of the first line that isn't blank."""
    while line := lines.take():
        if _is_blank(line.text, feed.delimiter):
            output.tally.blank += 1
            continue
        try:
            header, following = _record(line, lines, feed, None)
        except Rejected as rejected:
            if rejected.reason == "undecodable_text":
                text.hold_if_undecodable(feed, encoding, undecodable=1, physical=1)
            raise Held(
                f"its header can't be read ({rejected.reason}): ask the sender for it"
            ) from None
        lines.take_more(following)
        output.tally.header = 1 + following
        return header
    raise Held(EMPTY)


def _record(
    line: text.Line, lines: _Lines | _Window, feed: Feed, width: int | None
) -> tuple[list[str], int]:
    """The fields of the record that begins at `line`, and over how many more lines it goes on.

    A `width` of None accepts any number of fields. Raises `Rejected`; no line is taken.
    """
    if line.fault:
        raise Rejected(line.fault)
    try:
        fields, following = split(line.text.rstrip("\r\n"), feed.delimiter, feed.quote), 0
    except Rejected as rejected:
        if rejected.reason != "unclosed_quote":
            raise
        fields, following = _split_over_lines(line, lines, feed)
        if width not in (None, len(fields)):
            raise
        last = lines.peek(following - 1)
        if all(_is_record_alone(each.text, feed.delimiter, width) for each in (line, last)):
            raise Rejected("fused_records", 1 + following) from None
    if width not in (None, len(fields)):
        raise Rejected("wrong_field_count")
    return fields, following


def _split_over_lines(
    line: text.Line, lines: _Lines | _Window, feed: Feed
) -> tuple[list[str], int]:
    """The fields of a record whose open quote is closed on a later line, and how many follow."""
    record = line.text
    for distance in range(MAX_LINES_OF_RECORD - 1):
        following = lines.peek(distance)
        if not following or following.fault or len(record) + len(following.text) > MAX_RECORD:
            break
        record += following.text
        if '"' not in following.text:
            continue
        try:
            return split(record.rstrip("\r\n"), feed.delimiter, feed.quote), distance + 1
        except Rejected as rejected:
            if rejected.reason != "unclosed_quote":
                break
    raise Rejected("unclosed_quote")


def _is_record_alone(line: str, delimiter: str, width: int | None) -> bool:
    """Whether the line has all fields of a record, by its delimiters or by those out of quotes.

    Where the first and the last line of a record both have, it is two records that a stray quote
    joins, with all that stands between them.
    """
    if width is None or width < 2:
        return False
    without_quoted = _without_quoted_fields(line, delimiter)
    return width in (line.count(delimiter) + 1, without_quoted.count(delimiter) + 1)


def _has_stray_quote(line: str, delimiter: str) -> bool:
    """Whether a quote stands in a field that does not begin with one."""
    fields = _without_quoted_fields(line, delimiter).split(delimiter)
    return any('"' in field[1:] and not field.startswith('"') for field in fields)


def _without_quoted_fields(line: str, delimiter: str) -> str:
    return _quoted_fields(delimiter.encode()).sub(b"", line.rstrip("\r\n").encode()).decode()


def split(record: str, delimiter: str, quote: str = '"') -> list[str]:
    """The fields of one record without its line end; raises `Rejected` for a misplaced quote."""
    if not quote or quote not in record:
        return record.split(delimiter)
    fields, position = [], 0
    while True:
        if record.startswith('"', position):
            quoted = _QUOTED.match(record, position)
            if not quoted:
                raise Rejected("unclosed_quote")
            end = quoted.end()
            fields.append(quoted[1].replace('""', '"'))
        else:
            end = record.find(delimiter, position)
            end = len(record) if end < 0 else end
            fields.append(record[position:end])
        if end == len(record):
            return fields
        if record[end] != delimiter:
            raise Rejected("malformed_quote")
        position = end + 1


def _is_blank(line: str, delimiter: str) -> bool:
    return delimiter not in line and not line.strip()

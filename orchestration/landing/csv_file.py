"""CSV: DuckDB reads a file of which each line is proven to be one record, Python any other."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duck import literal, literal_path
from orchestration.landing import text
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import match_or_hold
from orchestration.landing.output import CSV_OPTIONS, DUCKDB_LINE, Output
from orchestration.landing.reasons import Held, Rejected

MAX_LINES_OF_RECORD = 50
MAX_RECORD = 1 << 20  # characters of a record of several lines
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one file; raises `Held` when nothing of it can be loaded."""
    encoding = text.encoding_of(path, feed)
    if not _read_fast(path, feed, encoding, output):
        _read_carefully(path, feed, encoding, output)


@dataclass(frozen=True)
class _Survey:
    """What the bytes say: each line stands alone, quotes enclose whole fields."""

    header: str
    lines: int
    delimiters: int


def _read_fast(path: Path, feed: Feed, encoding: str, output: Output) -> bool:
    """Lets DuckDB read the file; False, with nothing done, when that can't be trusted.

    DuckDB refuses records that are too short, but drops an empty field too many, blanks around
    quotes, and blank lines. So the survey admits quotes only at the very ends of a field, and then
    the number of delimiters proves that no record is too long, and that of records no line blank.
    """
    if encoding != "utf-8":
        decoded = output.work / "utf8.csv"
        if not text.copy_as_utf8(path, encoding, decoded):
            return False
        path = decoded
    survey = _survey(path, feed.delimiter)
    if survey is None:
        return False
    header = split(survey.header, feed.delimiter)
    if len(header) < 2 or survey.delimiters != (len(header) - 1) * survey.lines:
        return False
    matched = match_or_hold(feed, header)
    names = [f"c{number}" for number in range(len(header))]
    typed = ", ".join(f"{name}: 'varchar'" for name in names)
    try:
        rows = output.copy(
            matched.pick(names),
            "row_number() over () + 1",
            f"read_csv({literal_path(path)}, {CSV_OPTIONS}, delim = {literal(feed.delimiter)}, "
            f"columns = {{{typed}}}, skip = 1, max_line_size = {DUCKDB_LINE})",
        )
    except duckdb.InvalidInputException:
        return False
    if rows != survey.lines - 1:
        return False
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    tally = output.tally
    tally.physical, tally.header = survey.lines, 1
    tally.accepted = tally.rows = rows
    return True


def _survey(path: Path, delimiter: str) -> _Survey | None:
    r"""Counts lines and delimiters of a UTF-8 file; `None` when a line may be no record.

    That is so with invalid UTF-8, a `\r` alone, an endless line, and a quote anywhere but at both
    ends of a field.
    """
    quoted = re.compile(
        rb'(?<![^%b\n])"(?:[^"\r\n]|"")*+"(?=[%b\r\n]|\Z)' % ((re.escape(delimiter.encode()),) * 2)
    )
    header, lines, delimiters = "", 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(text.CHUNK):
            chunk += stream.readline(text.MAX_LINE)
            is_cut = not chunk.endswith(b"\n")
            if (is_cut and stream.peek(1)) or chunk.count(b"\r") != chunk.count(b"\r\n"):
                return None
            try:
                decoded = chunk.decode()
            except UnicodeDecodeError:
                return None
            header = header if lines else decoded.partition("\n")[0].rstrip("\r")
            lines += chunk.count(b"\n") + is_cut
            if b'"' in chunk:
                chunk = quoted.sub(b"", chunk)
                if b'"' in chunk:
                    return None
            delimiters += chunk.count(delimiter.encode())
    return _Survey(header, lines, delimiters)


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

    def peek(self, distance: int) -> text.Line | None:
        """The line `distance` lines after the next one."""
        while len(self._ahead) <= distance:
            line = next(self._lines, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[distance]


def _read_carefully(path: Path, feed: Feed, encoding: str, output: Output) -> None:
    """Reads record by record, and sets aside single lines that are none."""
    lines, tally = _Lines(text.lines(path, encoding)), output.tally
    header = _take_header(lines, feed, encoding, output)
    matched = match_or_hold(feed, header)
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    undecodable = 0
    while line := lines.take():
        number = lines.taken
        if _is_blank(line.text, feed.delimiter):
            tally.blank += 1
            continue
        try:
            record = _take_record(line, lines, feed.delimiter, len(header))
        except Rejected as rejected:
            undecodable += rejected.reason == "undecodable_text"
            output.reject(number, line.text, rejected.reason)
        else:
            output.accept(number, matched.pick(record), lines.taken - number + 1)
    tally.physical = lines.taken
    text.hold_if_undecodable(feed, encoding, undecodable, tally.physical)
    output.finish()


def _take_header(lines: _Lines, feed: Feed, encoding: str, output: Output) -> list[str]:
    """The fields of the first line that isn't blank."""
    while line := lines.take():
        number = lines.taken
        if _is_blank(line.text, feed.delimiter):
            output.tally.blank += 1
            continue
        try:
            header = _take_record(line, lines, feed.delimiter, None)
        except Rejected as rejected:
            if rejected.reason == "undecodable_text":
                text.hold_if_undecodable(feed, encoding, undecodable=1, physical=1)
            raise Held(
                f"its header can't be read ({rejected.reason}): ask the sender for it"
            ) from None
        output.tally.header = lines.taken - number + 1
        return header
    raise Held("it is empty, without even a header: ask the sender for a complete file")


def _take_record(line: text.Line, lines: _Lines, delimiter: str, width: int | None) -> list[str]:
    """The fields of the record that begins at `line`; takes the lines over which it goes on.

    A `width` of None accepts any number of fields. Raises `Rejected`, with no line taken.
    """
    if line.fault:
        raise Rejected(line.fault)
    try:
        fields, following = split(line.text.rstrip("\r\n"), delimiter), 0
    except Rejected as rejected:
        if rejected.reason != "unclosed_quote":
            raise
        fields, following = _split_over_lines(line, lines, delimiter)
        if width not in (None, len(fields)):
            raise
    if width not in (None, len(fields)):
        raise Rejected("wrong_field_count")
    for _ in range(following):
        lines.take()
    return fields


def _split_over_lines(line: text.Line, lines: _Lines, delimiter: str) -> tuple[list[str], int]:
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
            return split(record.rstrip("\r\n"), delimiter), distance + 1
        except Rejected as rejected:
            if rejected.reason != "unclosed_quote":
                break
    raise Rejected("unclosed_quote")


def split(record: str, delimiter: str) -> list[str]:
    """The fields of one record without its line end; raises `Rejected` for a misplaced quote."""
    if '"' not in record:
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

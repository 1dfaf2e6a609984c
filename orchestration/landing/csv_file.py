"""CSV: DuckDB reads a file of which each line is proven to be one record, Python any other."""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from orchestration.duck import literal, literal_path
from orchestration.landing import text
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import Match, match_or_hold
from orchestration.landing.limits import Limits
from orchestration.landing.output import DUCKDB_LINE, Output, csv_options
from orchestration.landing.reasons import Held, Rejected

MAX_LINES_OF_RECORD = 50
MAX_RECORD = 1 << 20  # characters of a record of several lines
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one file; raises `Held` when nothing of it can be loaded."""
    encoding = text.encoding_of(path, feed)
    if feed.filled_down or not _read_fast(path, feed, encoding, output):
        _read_carefully(path, feed, encoding, output)


@dataclass(frozen=True)
class _Survey:
    """What the bytes say: each line stands alone, quotes enclose whole fields, none is too long."""

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
    survey = _survey(path, feed, output.limits)
    if survey is None:
        return False
    header = split(survey.header, feed.delimiter, feed.quote)
    if len(header) < 2 or survey.delimiters != (len(header) - 1) * survey.lines:
        return False
    matched = match_or_hold(feed, header, output.limits)
    names = [f"c{number}" for number in range(len(header))]
    typed = ", ".join(f"{name}: 'varchar'" for name in names)
    try:
        rows = output.copy(
            matched.pick(names),
            "row_number() over () + 1",
            f"read_csv({literal_path(path)}, {csv_options(feed.quote)}, "
            f"delim = {literal(feed.delimiter)}, columns = {{{typed}}}, skip = 1, "
            f"max_line_size = {DUCKDB_LINE})",
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


def _survey(path: Path, feed: Feed, limits: Limits) -> _Survey | None:
    r"""Counts lines and delimiters of a UTF-8 file; `None` when a line may be no record.

    That is so with invalid UTF-8, a `\r` alone, a line so long that a value may be too long, a
    header that comes again, a byte order mark within, where files were put one behind the other,
    and a quote anywhere but at both ends of a field.
    """
    delimiter, quoted = feed.delimiter.encode(), _quoted_fields(feed.delimiter.encode())
    header, lines, delimiters = b"", 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(text.CHUNK):
            chunk += stream.readline(limits.line_characters)
            is_cut = not chunk.endswith(b"\n")
            if (is_cut and stream.peek(1)) or chunk.count(b"\r") != chunk.count(b"\r\n"):
                return None
            if not text.is_utf8(chunk) or _has_line_of(limits.cell_characters, chunk):
                return None
            if not lines:
                header = chunk.partition(b"\n")[0].rstrip(b"\r")
            elif chunk.startswith((header, codecs.BOM_UTF8)):
                return None
            if b"\n" + header in chunk or b"\n" + codecs.BOM_UTF8 in chunk:
                return None
            lines += chunk.count(b"\n") + is_cut
            if feed.quote and b'"' in chunk:
                chunk = quoted.sub(b"", chunk)
                if b'"' in chunk:
                    return None
            delimiters += chunk.count(delimiter)
    return _Survey(header.decode(), lines, delimiters)


@cache
def _quoted_fields(delimiter: bytes) -> re.Pattern[bytes]:
    """Finds the fields of which the first and the last character are the quotes around them."""
    return re.compile(
        rb'(?<![^%b\n])"(?:[^"\r\n]|"")*+"(?=[%b\r\n]|\Z)' % ((re.escape(delimiter),) * 2)
    )


def _has_line_of(characters: int, chunk: bytes) -> bool:
    """Whether a line of a chunk of whole lines may be so long: between all its line ends, half of
    that would fit."""
    half = characters // 2
    return half < 1 or any(
        chunk.find(b"\n", start, start + half) < 0 for start in range(0, len(chunk) - half, half)
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


def _read_carefully(path: Path, feed: Feed, encoding: str, output: Output) -> None:
    """Reads record by record, and sets aside single lines that are none."""
    lines = _Lines(text.lines(path, encoding, output.limits.line_characters))
    tally, undecodable, open_until = output.tally, 0, 0
    header = _take_header(lines, feed, encoding, output)
    matched = match_or_hold(feed, header, output.limits)
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    while line := lines.take():
        if _is_blank(line.text, feed.delimiter):
            tally.blank += 1
        else:
            is_open = lines.taken <= open_until
            reason = _take_row(line, lines, feed, matched, header, output, is_open)
            undecodable += reason == "undecodable_text"
            if reason and '"' in line.text:
                open_until = 0 if reason == "fused_records" else lines.taken + MAX_LINES_OF_RECORD
    tally.physical = lines.taken
    text.hold_if_undecodable(feed, encoding, undecodable, tally.physical)
    output.finish()


def _take_row(
    line: text.Line,
    lines: _Lines,
    feed: Feed,
    matched: Match,
    header: list[str],
    output: Output,
    is_open: bool,
) -> str | None:
    """Hands over the record that begins at `line`, or why its lines are set aside.

    `is_open` says that a line before was set aside that may have opened a quote. What closes it may
    look like a record whose first field is the end of another.
    """
    number, taken = lines.taken, [line.text]
    try:
        fields, following = _record(line, lines, feed, len(header))
        if is_open and feed.quote and _has_stray_quote(line.text, feed.delimiter):
            raise Rejected("fused_records", 1 + following)
        taken += [each.text for each in lines.take_more(following)]
        if matched.pick(fields) == matched.pick(header):
            output.tally.header += len(taken)  # files that were put one behind the other
        else:
            output.accept(number, matched.pick(fields), len(taken))
    except Rejected as rejected:
        taken += [each.text for each in lines.take_more(rejected.lines - len(taken))]
        for place, each in enumerate(taken):
            output.reject(number + place, each, rejected.reason)
        return rejected.reason
    return None


def _take_header(lines: _Lines, feed: Feed, encoding: str, output: Output) -> list[str]:
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
    raise Held("it is empty, without even a header: ask the sender for a complete file")


def _record(line: text.Line, lines: _Lines, feed: Feed, width: int | None) -> tuple[list[str], int]:
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


def _split_over_lines(line: text.Line, lines: _Lines, feed: Feed) -> tuple[list[str], int]:
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

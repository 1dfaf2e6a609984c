"""What a sample file is made of: format, encoding, how it parts fields, first and last records."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import duckdb
import openpyxl
from charset_normalizer import from_bytes
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from orchestration.duck import connect, identifier, literal_path
from orchestration.landing.content import content_of, unpacked
from orchestration.landing.feeds import FORMATS, Feed
from orchestration.landing.jsonl_file import leaves
from orchestration.landing.limits import USUAL
from orchestration.landing.reasons import Held
from orchestration.landing.workbook import hold_if_too_large
from orchestration.landing.xlsx_file import digits
from orchestration.temporary import temporary_folder

FIRST = 50_000  # records; what a column holds shows in far fewer
FIRST_OF_WORKBOOK = 20_000  # workbooks are slow to read
LAST = 2_000  # records at the end, where a total or another format may stand
TITLE = 20  # lines at the beginning, where a title may stand above the headers
HEAD, TAIL, LONGEST = 16_000_000, 500_000, 100_000  # bytes in which these are looked for, of a line
DELIMITERS = ",;\t|"
ENCODINGS = ["gb18030", "big5", "cp1252", "shift_jis", "cp1251"]
# A feed that takes whatever there is, to ask the lander what that is.
ANY = Feed("any", "any", ("*",), FORMATS, "utf-8", (), ",", '"', None, ())
Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Sample:
    """One file; `rows` hold a value for each of `headers`, None where the file has none.

    `quote` is `"` or `none`; it, `encoding` and `delimiter` say nothing of workbooks and Parquet.
    `sheets` are those of a workbook that are read, several where all have the same headers;
    `sheets_left_out` are those that nothing reads.
    """

    path: Path
    format: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    is_whole: bool
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheets: tuple[str, ...] = ()
    sheets_left_out: tuple[str, ...] = ()

    @property
    def described(self) -> str:
        """How it is written, for a person."""
        parted = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
        words = [self.format]
        if self.format in ("csv", "jsonl"):
            words.append(self.encoding)
        if self.format == "csv":
            words.append(f"parted by {parted[self.delimiter]}")
            words.append("without quotes" if self.quote == "none" else "with quotes")
        read = f"{len(self.rows):,} records" + ("" if self.is_whole else " read of more")
        return f"{', '.join(words)}; {read}"


def read_sample(path: Path) -> Sample:
    """Reads the beginning and the end of a file; `ValueError` says why it can't be a feed's."""
    if not path.is_file():
        raise ValueError(f"{path} is no file: name the files that the system exports.")
    try:
        content = content_of(path, ANY)
        with temporary_folder() as folder:
            plain = unpacked(path, content.packing, folder, USUAL)
            sample = replace(READERS.get(content.format, _text)(plain), path=path)
    except Held as held:
        raise ValueError(f"{path.name}: {held}.") from None
    if not sample.rows:
        raise ValueError(f"{path.name} has no records: give a file with some.")
    return sample


def _parquet(path: Path) -> Sample:
    with connect() as connection:
        relation = f"read_parquet({literal_path(path)})"
        try:
            described = connection.execute(f"describe from {relation}").fetchall()
        except duckdb.Error:
            raise ValueError(f"{path.name} can't be read as Parquet: export it again.") from None
        names = ", ".join(f"cast({identifier(name)} as varchar)" for name, *_ in described)
        total = connection.execute(f"select count(*) from {relation}").fetchone()[0]
        rows = connection.execute(f"select {names} from {relation} limit {FIRST}").fetchall()
    headers = tuple(name for name, *_ in described)
    return Sample(path, "parquet", headers, tuple(rows), total <= FIRST)


def _workbook(path: Path) -> Sample:
    """The first visible sheet, with the others where all have its headers."""
    try:
        hold_if_too_large(path, USUAL)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, zipfile.BadZipFile):
        raise ValueError(f"{path.name} can't be read as a workbook: save it again.") from None
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise ValueError(f"{path.name} has no visible sheet: save the one that is meant alone.")
    _refuse_title(path, islice(_filled(visible[0]), TITLE))
    tops = {sheet.title: next(_filled(sheet), None) for sheet in visible}
    header = tops[visible[0].title] or []
    is_one_list = all(top in (None, header) for top in tops.values())
    read = [sheet for sheet in visible if tops[sheet.title]] if is_one_list else visible[:1]
    rows: list[Row] = []
    is_whole = True
    for sheet in read:
        of_sheet = list(islice(_filled(sheet), 1, FIRST_OF_WORKBOOK + 1))
        rows += [_fitted(row, len(header)) for row in of_sheet]
        is_whole = is_whole and len(of_sheet) < FIRST_OF_WORKBOOK
    others = tuple(s.title for s in visible if s not in read and tops[s.title])
    headers = tuple(str(each or "").strip() for each in header)
    names = tuple(sheet.title for sheet in read)
    return Sample(
        path, "xlsx", headers, tuple(rows), is_whole, sheets=names, sheets_left_out=others
    )


def _filled(sheet: ReadOnlyWorksheet) -> Iterator[list[str | None]]:
    """The rows of a sheet that are not empty, without their empty cells at the end."""
    sheet.reset_dimensions()
    for values in sheet.iter_rows(values_only=True):
        row = [_cell_text(value) for value in values]
        while row and row[-1] is None:
            row.pop()
        if row:
            yield row


def _cell_text(value: object) -> str | None:
    """A cell as the lander writes it, as far as guesses need it."""
    match value:
        case None | "":
            return None
        case datetime():
            return value.isoformat(sep=" ").removesuffix(" 00:00:00")
        case float():
            return digits(value)
    return str(value)


def _fitted(row: Sequence[str | None], width: int) -> Row:
    return (*row[:width], *[None] * (width - len(row)))


def _text(path: Path) -> Sample:
    """A text: its head, and its tail where that is not in the head."""
    with path.open("rb") as stream:
        head = stream.read(HEAD) + stream.readline(LONGEST)
        is_whole, tail = not stream.read(1), b""
        if not is_whole:
            stream.seek(max(len(head), path.stat().st_size - TAIL))
            stream.readline(LONGEST)
            tail = stream.read()
    encoding = _encoding(head + tail)
    first, last = _lines(head, encoding), _lines(tail, encoding)
    if not first:
        raise ValueError(f"{path.name} is empty: give a file with some records.")
    if _is_no_text("".join(first)[:LONGEST]):
        raise ValueError(f"{path.name} is no text, workbook or Parquet file: export it as one.")
    if next((line for line in first if line.strip()), "").lstrip("\ufeff ").startswith(("{", "[")):
        return _json_lines(path, encoding, first, last, is_whole)
    return _delimited(path, encoding, first, last, is_whole)


def _encoding(data: bytes) -> str:
    """What a mark says, ASCII or UTF-8 where they fit, else the likeliest of the usual ones."""
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return "utf-16"
    start = data[:1000]
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    if data.isascii():
        return "ascii"
    try:
        data.decode()
        return "utf-8"
    except UnicodeDecodeError:
        telling = b"\n".join(line for line in data.splitlines()[:FIRST] if not line.isascii())
        found = from_bytes(telling[:200_000], cp_isolation=ENCODINGS).best()
        return found.encoding if found else "gb18030"


def _is_no_text(start: str) -> bool:
    """Whether signs that no text has are more than a few."""
    odd = sum(each < " " and each not in "\t\r\n\f" or each == "\ufffd" for each in start)
    return odd > 0.02 * len(start)


def _lines(data: bytes, encoding: str) -> list[str]:
    text = data.decode(encoding, "replace").lstrip("\ufeff")
    return io.StringIO(text, newline="").readlines()


# Of text the content alone tells whether it is JSON.
READERS = {"parquet": _parquet, "xlsx": _workbook}


def _json_lines(
    path: Path, encoding: str, first: list[str], last: list[str], is_whole: bool
) -> Sample:
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    objects = []
    for line in [*first[:FIRST], *last[-LAST:]]:
        try:
            parsed = decoder.decode(line) if line.strip() else None
        except ValueError:
            parsed = None  # the lander quarantines such a line; others tell what the file is
        if isinstance(parsed, dict):
            objects.append(dict(_opened(parsed)))
    if not objects:
        raise ValueError(f"{path.name} is JSON, but not one object a line: export it as such.")
    keys = dict.fromkeys(key for each in objects for key in each)
    opened = {key.split(".")[0] for key in keys if "." in key}
    # An object that is null now and then is no value of its own.
    headers = tuple(key for key in keys if key not in opened)
    rows = tuple(tuple(_json_text(each.get(key)) for key in headers) for each in objects)
    return Sample(path, "jsonl", headers, rows, is_whole and len(first) <= FIRST, encoding)


def _opened(parsed: dict[str, object]) -> Iterator[tuple[str, object]]:
    """The values of an object, those that objects in it hold by path, as the lander reads them."""
    for key, value in parsed.items():
        if isinstance(value, dict):
            yield from leaves(key, value)
        else:
            yield key, value


def _json_text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _delimited(
    path: Path, encoding: str, first: list[str], last: list[str], is_whole: bool
) -> Sample:
    delimiter = _delimiter(first[:1_000])
    _refuse_title(path, _records(first[:TITLE], delimiter, '"'))
    width = len(next(_records([line for line in first if line.strip()][:1], delimiter, '"'), ()))
    if width < 2:
        raise ValueError(
            f"{path.name} has no two fields on its first line: it must begin with its headers, "
            f"parted by one of {' '.join(map(repr, DELIMITERS))}."
        )
    quote = _quote(first, delimiter, width)
    records = (record for record in _records(first, delimiter, quote) if any(record))
    headers = tuple(header.strip() for header in next(records))
    rows = [record for record in islice(records, FIRST) if len(record) == width]
    ends = [r for r in _records(last, delimiter, quote) if len(r) == width][-LAST:]
    kept = tuple(tuple(field or None for field in record) for record in [*rows, *ends])
    is_all = is_whole and len(rows) < FIRST
    return Sample(path, "csv", headers, kept, is_all, encoding, delimiter, quote)


def _refuse_title(path: Path, records: Iterable[Sequence[str | None]]) -> None:
    """Refuses a file with titles above its headers, as reports have them: less than half as many
    fields are filled there as below."""
    filled = [[field for field in record if field and field.strip()] for record in records]
    most = max(map(len, filled), default=0)
    headers = next((at for at, fields in enumerate(filled) if 2 * len(fields) > most), 0)
    if headers and most > 2:
        above = "its first row is" if headers == 1 else f"its first {headers} rows are"
        raise ValueError(
            f"{path.name}: {above} no header. Delete all rows above the one that begins with"
            f" {' · '.join(filled[headers][:3])}, save it, and give it again."
        )


def _records(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    if quote == "none":
        return (line.rstrip("\r\n").split(delimiter) for line in lines)
    return csv.reader(lines, delimiter=delimiter)


def _delimiter(lines: list[str]) -> str:
    """The sign that stands on most lines as often as on the first, else as on most others."""
    lines = [line for line in lines if line.strip()]

    def agreeing(delimiter: str) -> tuple[int, int, int]:
        widths = Counter(len(record) for record in _records(lines, delimiter, '"'))
        width = len(next(_records(lines[:1], delimiter, '"'), ()))
        usual = max((n for each, n in widths.items() if each > 1), default=0)
        return (widths[width] if width > 1 else 0, width, usual)

    return max(DELIMITERS, key=agreeing)


def _quote(lines: list[str], delimiter: str, width: int) -> str:
    """`none` where lines are whole only if quotes mean nothing, and none needs them."""
    with_quotes = [line for line in lines if '"' in line]
    plain = [line.rstrip("\r\n").split(delimiter) for line in with_quotes]
    is_enclosed = any(
        len(field) > 1 and field[0] == field[-1] == '"' for fields in plain for field in fields
    )
    is_plain = sum(len(fields) == width for fields in plain) > 0.9 * len(plain)
    return "none" if with_quotes and is_plain and not is_enclosed else '"'

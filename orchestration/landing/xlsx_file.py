"""Excel: the stored values as plain text, not as the sheet happens to show them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles.numbers import is_datetime

from orchestration.landing.feeds import Feed
from orchestration.landing.headers import match_or_hold
from orchestration.landing.output import Output
from orchestration.landing.reasons import Held, Rejected, damaged
from orchestration.landing.text import listed
from orchestration.landing.workbook import hold_if_too_large

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

Row = list[str | None]
EVERY_SHEET = "*"  # a name that no sheet can have
GLANCE = 1_000  # rows in which the content of a sheet that is not read is looked for


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one sheet, or with `sheet: "*"` all that are visible, one behind the other.

    Raises `Held` when the workbook is damaged or a required column is missing.

    Each row of a sheet counts as a line; the first one that isn't empty is the header, and so is
    one that repeats it.
    """
    rows, tally = _rows(path, feed, output), output.tally
    matched, header = None, []
    for number, row in enumerate(rows, start=1):
        tally.physical = number
        if not row:
            tally.blank += 1
        elif matched is None:
            matched = match_or_hold(feed, [each or "" for each in row], output.limits)
            header = row
            tally.header = 1
        elif row == header:
            tally.header += 1
        else:
            try:
                if len(row) > len(header):
                    raise Rejected("wrong_field_count")
                output.accept(number, matched.pick(row + [None] * (len(header) - len(row))))
            except Rejected as rejected:
                shown = feed.delimiter.join(cell or "" for cell in row)
                output.reject(number, shown, rejected.reason)
    if matched is None:
        raise Held("it is empty, without even a header: ask the sender for a complete file")
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    output.finish()


def _rows(path: Path, feed: Feed, output: Output) -> Iterator[Row]:
    """The rows of the sheet without their empty cells at the end; raises `Held` if damaged."""
    try:
        hold_if_too_large(path, output.limits)
        with path.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            if feed.sheet == EVERY_SHEET:
                yield from _rows_of_all(_visible(book, feed))
                return
            sheet = _sheet(book, feed)
            if not feed.sheet:
                output.notes += _others(book, sheet, feed)
            yield from _rows_of(sheet)
    except Held:
        raise
    except Exception as error:  # a damaged workbook fails in a dozen libraries' own ways
        raise damaged("read as xlsx", error) from None


def _sheet(book: Workbook, feed: Feed) -> ReadOnlyWorksheet:
    """The declared sheet, else the first that a person sees on opening the workbook."""
    if feed.sheet:
        if feed.sheet in book.sheetnames:
            return book[feed.sheet]
        raise Held(
            f"it has no sheet '{feed.sheet}' (it has {', '.join(book.sheetnames)}): "
            f"correct `sheet:` in {feed.yaml}"
        )
    return _visible(book, feed)[0]


def _visible(book: Workbook, feed: Feed) -> list[ReadOnlyWorksheet]:
    """The sheets that a person sees, in their order."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Held(f"all its sheets are hidden: set `sheet:` in {feed.yaml}")
    return visible


def _rows_of_all(sheets: list[ReadOnlyWorksheet]) -> Iterator[Row]:
    """The rows of sheets with the same headers; raises `Held` for one that has others."""
    first: ReadOnlyWorksheet | None = None
    header: Row = []
    for sheet in sheets:
        is_above = True
        for row in _rows_of(sheet):
            if row and is_above:
                is_above = False
                first, header = (first or sheet), (header or row)
                if row != header:
                    raise Held(
                        f"its sheets '{first.title}' and '{sheet.title}' have different headers:"
                        " give them the same, or save each as a file of its own"
                    )
            yield row


def _others(book: Workbook, read: ReadOnlyWorksheet, feed: Feed) -> Iterator[str]:
    """What is told of the sheets that have content too, and are not read."""
    others = [
        sheet.title
        for sheet in book.worksheets
        if sheet is not read and any(islice(_rows_of(sheet), GLANCE))
    ]
    if others:
        yield (
            f"of its sheets, '{read.title}' is read, and {listed(others)} not: "
            f"set `sheet:` in {feed.yaml} if it is another"
        )


def _rows_of(sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    sheet.reset_dimensions()  # writers often state a size that is too small
    for cells in sheet.iter_rows():
        row = [_text(cell.value, cell) or None for cell in cells]
        while row and row[-1] is None:
            row.pop()
        yield row


def _text(value: object, cell: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() | int():
            return digits(value)
        case datetime() if is_datetime(cell.number_format) == "date":
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return str(value)


def digits(number: float) -> str:
    """Plain digits: 13812345678.0 is '13812345678', and 1.5e-7 is '0.00000015'."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    written = repr(number)
    is_plain = "e" not in written and "n" not in written  # no exponent, and not infinite
    return written if is_plain else format(Decimal(written), "f")

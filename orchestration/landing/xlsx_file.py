"""Excel: the stored values as plain text, not as the sheet happens to show them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.styles.numbers import is_datetime

from orchestration.landing.feeds import Feed
from orchestration.landing.headers import match_or_hold
from orchestration.landing.output import Output
from orchestration.landing.reasons import Held

Row = list[str | None]


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one sheet; raises `Held` when it is damaged or a required column is missing.

    Each row of the sheet counts as a line; the first one that isn't empty is the header.
    """
    rows, tally = _rows(path, feed), output.tally
    matched, width = None, 0
    for number, row in enumerate(rows, start=1):
        tally.physical = number
        if not row:
            tally.blank += 1
        elif matched is None:
            matched, width = (match_or_hold(feed, [header or "" for header in row]), len(row))
            tally.header = 1
        elif len(row) > width:
            shown = feed.delimiter.join(cell or "" for cell in row)
            output.reject(number, shown, "wrong_field_count")
        else:
            output.accept(number, matched.pick(row + [None] * (width - len(row))))
    if matched is None:
        raise Held("it is empty, without even a header: ask the sender for a complete file")
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    output.finish()


def _rows(path: Path, feed: Feed) -> Iterator[Row]:
    """The rows of the sheet without their empty cells at the end; raises `Held` if damaged."""
    try:
        with path.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            if feed.sheet and feed.sheet not in book.sheetnames:
                raise Held(
                    f"it has no sheet '{feed.sheet}' (it has {', '.join(book.sheetnames)}): "
                    f"correct `sheet:` in {feed.yaml}"
                )
            sheet = book[feed.sheet] if feed.sheet else book.worksheets[0]
            sheet.reset_dimensions()  # writers often state a size that is too small
            for cells in sheet.iter_rows():
                row = [_text(cell.value, cell) or None for cell in cells]
                while row and row[-1] is None:
                    row.pop()
                yield row
    except Held:
        raise
    except Exception as error:  # a damaged workbook fails in a dozen libraries' own ways
        raise Held(f"it can't be read as xlsx, ask the sender for it again: {error}") from None


def _text(value: object, cell: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() | int():
            return _digits(value)
        case datetime() if is_datetime(cell.number_format) == "date":
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return str(value)


def _digits(number: float) -> str:
    """Plain digits: 13812345678.0 is '13812345678', and 1.5e-7 is '0.00000015'."""
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return format(Decimal(repr(number)), "f")

"""Whether a workbook is small enough to read: a small archive may hold what fills any memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from orchestration.landing.content import CHUNK
from orchestration.landing.limits import Limits, cure
from orchestration.landing.reasons import Held

SHEETS = "xl/worksheets/"
MOST_ROWS = 1_048_576  # of a sheet, by Excel
OPENING = 200  # bytes at the beginning of a part in which XML says that it is XML
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_LONGEST_ROW_TAG = 100  # bytes that are looked at again, in case a tag is cut in two


def hold_if_too_large(path: Path, limits: Limits) -> None:
    """Raises `Held` for a workbook that would take more memory than `limits` allow.

    Every part is unpacked once, piece by piece, since what an archive says of sizes may be wrong.
    openpyxl takes sheets row by row, and all other parts as a whole.
    """
    in_memory = in_all = 0
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            is_sheet = part.filename.lower().startswith(SHEETS)
            with archive.open(part) as stream:
                for size in _rows_checked(stream, limits) if is_sheet else _sizes(stream):
                    in_all += size
                    in_memory += 0 if is_sheet else size
                    _hold_above("workbook_text_bytes", in_memory, limits.workbook_text_bytes)
                    _hold_above("expanded_bytes", in_all, limits.expanded_bytes)


def _hold_above(limit: str, size: int, most: int) -> None:
    if size > most:
        what = "it has"
        if limit == "workbook_text_bytes":
            what = "its texts, formats and pictures have"
        raise Held(f"unpacked, {what} more than {most:,} bytes: {cure(limit)}")


def _sizes(stream: IO[bytes]) -> Iterator[int]:
    while piece := stream.read(CHUNK):
        yield len(piece)


def _rows_checked(stream: IO[bytes], limits: Limits) -> Iterator[int]:
    """The sizes of the pieces of a sheet; raises `Held` for a row that has no end, or no end of
    rows.

    Comments and the like, between which rows would not be rows, are in no spreadsheet's XML.
    """
    since_row = rows = 0
    before = b""
    while piece := stream.read(CHUNK):
        seen = before + piece
        body = seen if before else seen[OPENING:]
        if b"<!" in body or b"<?" in body:
            raise Held("its XML is not such as spreadsheets write: save it anew as xlsx")
        starts = [row.start() for row in _ROW.finditer(seen) if row.end() > len(before)]
        ends = [len(before) - since_row, *starts, len(seen)]
        if max(b - a for a, b in zip(ends, ends[1:], strict=False)) > limits.line_characters:
            raise Held(
                f"a row of it is longer than {limits.line_characters:,} characters: "
                f"{cure('line_characters')}"
            )
        rows += len(starts)
        if rows > MOST_ROWS:
            raise Held(f"a sheet has more than {MOST_ROWS:,} rows: ask the sender for it again")
        since_row = ends[-1] - ends[-2]
        before = seen[-_LONGEST_ROW_TAG:]
        yield len(piece)

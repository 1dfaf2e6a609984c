"""Excel workbooks whose bytes depend on their rows alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import duckdb
import openpyxl

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip archive can name


def write_workbook(path: Path, rows: duckdb.DuckDBPyConnection) -> None:
    """Writes a query's rows below a header, all as text as a person would have typed them."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.append([column[0] for column in rows.description])
    while batch := rows.fetchmany(10_000):
        for row in batch:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(
                zipfile.ZipInfo(name, EPOCH), _undated(source.read(name)), zipfile.ZIP_DEFLATED
            )


def _undated(part: bytes) -> bytes:
    """The part without the time at which it was written."""
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", part)

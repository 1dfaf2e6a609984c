"""Writes what is handed over: CSV, workbooks, and what has changed since the last export."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest
from itertools import islice
from pathlib import Path

import duckdb

from orchestration.audiences.formats import BOM, Format
from orchestration.duck import connect, literal, literal_path

# Rows that are in memory at once, and that a sheet may have, by Excel.
ROWS_AT_ONCE, MOST_ROWS = 10_000, 1_048_575
# Beside the days of an audience: lists of persons who were erased, for whoever has them still.
ERASED = "erased"


@dataclass(frozen=True)
class Written:
    """One file and how many rows it has."""

    file: str
    rows: int
    sha256: str


def write_format(
    connection: duckdb.DuckDBPyConnection,
    form: Format,
    folder: Path,
    last: Path | None,
    before: Path | None,
) -> list[Written]:
    """Writes the rows of `addressed` in a format, and what came and went since the folder `last`.

    `before` has the same day's export, which was handed over too: who went since then is told with
    those who went since `last`, and again by every further export of the day. Its workbook is kept
    where the rows are the same: a workbook knows when it was made. Without a last export everybody
    came.
    """
    connection.execute(f"create or replace temp table present as {form.query}")
    past, keys = _past(form, last / f"{form.name}.csv" if last else None)
    connection.execute(f"create or replace temp table past as {past}")
    had = [("from past", keys)]
    if before:
        had += [_past(form, before / f"{form.name}{end}.csv") for end in ("", ".removals")]
    went = " union all ".join(
        f"select *, {place} as place from ({rows}) anti join present using ({shared})"
        for place, (rows, shared) in enumerate(had)
    )
    own = ", ".join(f'"{key}"' for key in form.keys)
    # Who is in several lists goes once, by the line of the first.
    went = f"select distinct on ({own}) * exclude (place) from ({went}) order by {own}, place"
    written = []
    for name, query in (
        (form.name, "from present"),
        (f"{form.name}.adds", f"from present anti join past using ({keys}) order by all"),
        (f"{form.name}.removals", f"from ({went}) order by all"),
    ):
        path = folder / f"{name}.csv"
        _write_csv(connection, query, path, form.for_people)
        rows = connection.execute(f"select count(*) from ({query})").fetchone()[0]
        written.append(Written(path.name, rows, sha256_of(path)))
    if form.for_people and written[0].rows <= MOST_ROWS:
        workbook = folder / f"{form.name}.xlsx"
        same = before and (before / written[0].file).exists() and (before / workbook.name).exists()
        if same and sha256_of(before / written[0].file) == written[0].sha256:
            shutil.copyfile(before / workbook.name, workbook)
        else:
            _write_workbook(connection, workbook)
        written.append(Written(workbook.name, written[0].rows, sha256_of(workbook)))
    return written


def has_rows(path: Path) -> bool:
    """Whether a file is there, with a line below its headings."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8-sig") as lines:
        return len(list(islice(lines, 2))) == 2


def _past(form: Format, path: Path | None) -> tuple[str, str]:
    """The rows of a former list in the columns of today, none where there is none; and the keys
    by which both are compared, which are those that it had already."""
    header = _header(path) if path and path.exists() else []
    common = tuple(key for key in form.keys if key in header)
    keys = ", ".join(f'"{key}"' for key in common or form.keys)
    if not common:
        return "from present limit 0", keys
    columns = ", ".join(
        f'{text} as "{heading}"'
        for heading in form.columns
        for text in [f"coalesce(\"{heading}\", '')" if heading in header else "''"]
    )
    return f"select {columns} from {_read(path, header)}", keys


def _read(path: Path, header: Sequence[str]) -> str:
    types = ", ".join(f"{literal(heading)}: 'varchar'" for heading in header)
    return (
        f"read_csv({literal_path(path)}, header = true, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', columns = {{{types}}})"
    )


def mend(folder: Path) -> None:
    """Makes workbooks and manifest of an export those of its lists, where these have lost rows."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    files = manifest["files"]
    there = {name: sha256_of(folder / name) for name in files if (folder / name).exists()}
    if there == {name: told["sha256"] for name, told in files.items()}:
        return
    with closing(connect()) as connection:
        for name in files:
            rows = (folder / name).with_suffix(".csv")
            connection.execute(
                "create or replace temp table present as"
                f" select coalesce(columns(*), '') from {_read(rows, _header(rows))}"
            )
            if name.endswith(".xlsx"):
                _write_workbook(connection, folder / name)
            [(count,)] = connection.execute("select count(*) from present").fetchall()
            files[name] = {"rows": count, "sha256": sha256_of(folder / name)}
    draft = folder / ".manifest.json"
    draft.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines), [])


def _write_csv(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, has_mark: bool
) -> None:
    """A CSV file in UTF-8; a byte order mark tells spreadsheets so."""
    plain = path.with_suffix(".plain")
    filled = f"select nullif(columns(*), '') from ({query})"
    connection.execute(f"copy ({filled}) to {literal(plain)} (format csv, header)")
    if not has_mark:
        plain.rename(path)
        return
    with path.open("wb") as marked, plain.open("rb") as stream:
        marked.write(BOM)
        shutil.copyfileobj(stream, marked)
    plain.unlink()


def _write_workbook(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """One sheet, row by row; a text is a text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("audience")
    cursor = connection.execute("from present")
    sheet.append([column[0] for column in cursor.description])
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value)
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    workbook.save(path)


def as_manifest(written: list[Written]) -> Mapping[str, Mapping[str, int | str]]:
    return {each.file: {"rows": each.rows, "sha256": each.sha256} for each in written}


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()

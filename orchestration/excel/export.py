"""Makes the workbooks of a publication, one a language, and says what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from pathlib import Path

import duckdb

from orchestration.duck import connect, rows
from orchestration.excel.sheets import Sheet, sheets
from orchestration.excel.workbook import Answer, Facts, write
from orchestration.labels import LANGUAGES
from orchestration.privacy.files import folder_for_readers
from orchestration.report.stretches import prepare


def workbooks_of(database: Path, folder: Path) -> list[Path]:
    """Writes the workbook of a published database in each language; none without marts for it."""
    with connect(database, access_mode="read_only") as connection:
        answered = list(_answered(connection))
        [publication] = rows(connection, "from marts.publication")
    if not answered:
        return []
    facts = Facts(
        publication["as_of_date"], publication["generation"], publication.get("reporting_currency")
    )
    paths = {language: folder / f"regulars.{language}.xlsx" for language in LANGUAGES}
    for language, path in paths.items():
        draft = path.with_name(f".{path.name}")
        write(draft, answered, facts, language)
        draft.replace(path)
    return list(paths.values())


def export_workbooks(published: Path, folder: Path) -> list[Path]:
    """Writes the workbooks of what readers see into a folder of theirs.

    Raises `ValueError` where nothing is published, or nothing that a workbook could show.
    """
    database = published / "current.duckdb"
    if not database.exists():
        raise ValueError("Nothing is published yet: run `regulars run` first.")
    folder_for_readers(folder)
    written = workbooks_of(database, folder)
    if not written:
        raise ValueError("None of the marts that a workbook shows is published.")
    for path in written:
        path.chmod(0o644)
    return written


def _answered(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[Sheet, Sequence[Answer]]]:
    """The sheets and tables that this publication can answer."""
    tables = rows(connection, "select table_name from duckdb_tables() where schema_name = 'marts'")
    published: Set[str] = {table["table_name"] for table in tables}
    prepare(connection, published)
    for sheet in sheets():
        answers = [
            Answer(table, rows(connection, table.query))
            for table in sheet.tables
            if published.issuperset(table.marts)
        ]
        if answers:
            yield sheet, answers

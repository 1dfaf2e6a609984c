"""The lander's DuckDB, and how names and texts are written into its SQL."""

from __future__ import annotations

import glob
from pathlib import Path

import duckdb

META_COLUMNS = {
    "_file": "varchar",
    "_line": "bigint",
    "_batch": "varchar",
    "_landed_at": "timestamp",
}


def connect(database: Path | str, temporary: Path) -> duckdb.DuckDBPyConnection:
    """A connection that downloads nothing, keeps the order of rows, and thinks in UTC."""
    connection = duckdb.connect(str(database), config={"autoinstall_known_extensions": "false"})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"set temp_directory = {literal(temporary)}")
    return connection


def literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal_path(path: Path) -> str:
    """One existing file, even if its name looks like a glob."""
    return literal(glob.escape(str(path)))

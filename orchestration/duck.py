"""DuckDB as every step opens it, how names and texts are written into its SQL, and its answers."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any

import duckdb

# What DuckDB raises of a table or column that is asked for and is not there.
IS_NOT_THERE = (duckdb.CatalogException, duckdb.BinderException)


def connect(database: Path | str = ":memory:", **settings: str | int) -> duckdb.DuckDBPyConnection:
    """A connection that downloads nothing, thinks in UTC and takes no more memory than a build.

    `settings` are DuckDB's. Raises `ValueError` where REGULARS_MEMORY is no size.
    """
    config = {
        "autoinstall_known_extensions": "false",
        "memory_limit": memory_limit(),
        # What has been freed goes back to the machine, as in `profiles.yml`.
        "allocator_bulk_deallocation_flush_threshold": "16MB",
        **settings,
    }
    try:
        connection = duckdb.connect(str(database), config=config)
    except duckdb.ParserException as error:
        told = f"REGULARS_MEMORY is '{memory_limit()}', which DuckDB can't read: write it as 4GB."
        raise ValueError(told) from error
    connection.execute("set TimeZone = 'UTC'")
    return connection


def memory_limit() -> str:
    """What DuckDB may take before it spills, as in `profiles.yml`."""
    return os.environ.get("REGULARS_MEMORY") or "4GB"


def limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Likewise for a file that this process may have open already, with other settings."""
    connection.execute(f"set memory_limit = {literal(memory_limit())}")


def literal(value: object) -> str:
    """The text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name as SQL writes it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal_path(path: Path) -> str:
    """One existing file, even if its name looks like a glob."""
    return literal(glob.escape(str(path)))


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The answer, each row by the names of its columns."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def is_open_elsewhere(error: Exception) -> bool:
    """Whether DuckDB refused a file because another process has it open, not because of damage."""
    return "Could not set lock on file" in str(error)


def first_line(error: Exception) -> str:
    """What went wrong, without the advice that DuckDB adds."""
    return str(error).partition("\n")[0]

"""Sends the rows of a table from DuckDB to PostgreSQL through a pipe: none of them waits in memory.

DuckDB writes CSV into one end, in a thread of its own, while the driver reads the other. An empty
text is quoted, and nothing is not, so that both arrive as they were.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BufferedReader
from typing import Any

import duckdb

from orchestration.duck import identifier

TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


def postgres_type(type_: str) -> str:
    """The type that holds the same values; `ValueError` where there is none."""
    if type_.startswith("DECIMAL"):
        return type_.replace("DECIMAL", "numeric")
    if type_ not in TYPES:
        raise ValueError(
            f"PostgreSQL gets no column of the type {type_}: leave it out of the mart."
        )
    return TYPES[type_]


def send(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: dict[str, str],
    cursor: Any,
    target: str,
) -> int:
    """Copies all rows of a table of DuckDB into one of PostgreSQL; returns how many there were.

    `columns` are the types of DuckDB by name. A text loses the zero byte, which PostgreSQL has not.
    """
    selected = ", ".join(
        f"replace({identifier(name)}, chr(0), '') as {identifier(name)}"
        if type_ == "VARCHAR"
        else identifier(name)
        for name, type_ in columns.items()
    )
    with _written(connection.cursor(), f"select {selected} from {source}") as rows:
        cursor.execute(f"copy {target} from stdin (format csv, null '')", stream=rows)
    return cursor.rowcount


@contextmanager
def _written(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[BufferedReader]:
    """The rows of a query as CSV, written while they are read."""
    reading, writing = os.pipe()

    def write() -> None:
        try:
            connection.execute(
                f"copy ({query}) to '/dev/fd/{writing}'"
                " (format csv, header false, nullstr '', use_tmp_file false)"
            )
        finally:
            os.close(writing)

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        with os.fdopen(reading, "rb", buffering=1 << 20) as stream:
            try:
                yield stream
            except BaseException:
                # Nobody reads on: the writer is told so, and its complaint is not the reason.
                connection.interrupt()
                stream.close()
                with suppress(duckdb.Error):
                    written.result()
                raise
        written.result()

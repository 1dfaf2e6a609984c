"""The lander's DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration import duck


def connect(temporary: Path) -> duckdb.DuckDBPyConnection:
    """A connection that keeps the order of rows, and spills into a folder of the lander's own."""
    connection = duck.connect()
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"set temp_directory = {duck.literal(temporary)}")
    return connection

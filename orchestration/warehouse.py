"""dbt's private warehouse as every step reads it, whichever engine has written it."""

from __future__ import annotations

import glob
from pathlib import Path

import duckdb

from orchestration.duck import connect, identifier, literal


def attach(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, catalog: str = "warehouse"
) -> None:
    """Makes its tables readable as `<catalog>.<schema>.<table>`, and nothing of it writable.

    `warehouse` is a DuckDB file, or the folder of Spark's tables, which are Parquet below
    `<schema>.db/<table>/` once they are whole. Views are there in a DuckDB file only. Raises
    `duckdb.Error` when it can't be read.
    """
    if not warehouse.is_dir():
        connection.execute(f"attach {literal(warehouse)} as {catalog} (read_only)")
        return
    connection.execute(f"attach ':memory:' as {catalog}")
    for schema in warehouse.glob("*.db"):
        connection.execute(f"create schema if not exists {catalog}.{identifier(schema.stem)}")
        for table in schema.iterdir():
            # Files of a table that is not whole yet lie deeper, below `_temporary`.
            for files in ("*.parquet", "*=*/*.parquet"):
                if any(table.glob(files)):
                    name = f"{catalog}.{identifier(schema.stem)}.{identifier(table.name)}"
                    rows = _spark_table(connection, table, files)
                    connection.execute(f"create view {name} as {rows}")


def _spark_table(connection: duckdb.DuckDBPyConnection, table: Path, files: str) -> str:
    """The query of a table; Spark's instants become what they are in DuckDB, timestamps in UTC."""
    paths = literal(f"{glob.escape(str(table))}/{files}")
    rows = f"read_parquet({paths}, hive_partitioning = {'=' in files})"
    columns = connection.execute(f"select column_name, column_type from (describe from {rows})")
    selected = [
        f"cast({identifier(name)} as timestamp) as {identifier(name)}"
        if kind == "TIMESTAMP WITH TIME ZONE"
        else identifier(name)
        for name, kind in columns.fetchall()
    ]
    return f"select {', '.join(selected)} from {rows}"


def answer(warehouse: Path, query: str) -> list[tuple]:
    """Rows of the catalog `warehouse`, none while it has no such table."""
    if not warehouse.exists():
        return []
    try:
        with connect() as connection:
            attach(connection, warehouse)
            return connection.execute(query).fetchall()
    except duckdb.CatalogException:
        return []

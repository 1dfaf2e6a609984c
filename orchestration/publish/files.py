"""How a mart is laid down: its table in the database that readers open, and its Parquet file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.digests import RowHashes
from orchestration.duck import identifier, literal
from orchestration.publish.marts import Mart

# The name that readers see as the catalog. `marts` would make every `marts.orders` ambiguous.
DATABASE = "regulars.duckdb"
# Any DuckDB since 1.0 can open what is published, whichever one wrote it.
STORAGE_VERSION = "v1.0.0"
# A primary key is an index over all rows, which costs more than it helps in a mart of many. One of
# several columns costs as much as the mart, and foreign keys half as much: those are only told.
MOST_KEYED_ROWS = 1_000_000


def table_of(mart: Mart) -> str:
    """The table of a mart, as SQL names it in any catalog."""
    return f"marts.{identifier(mart.name)}"


def file_of(name: str, folder: Path) -> str:
    """The Parquet file of a mart, as SQL names it."""
    return literal(folder / f"{name}.parquet")


def layout(mart: Mart) -> str:
    """All that makes table and file of a mart beside its rows: what the file tells of itself."""
    made_by = repr((mart, MOST_KEYED_ROWS)).encode()
    made = hashlib.md5(made_by, usedforsecurity=False).hexdigest()
    return f"DuckDB {duckdb.__version__}, sorted by {', '.join(mart.order)}, made by {made}"


def write(connection: duckdb.DuckDBPyConnection, mart: Mart, rows: RowHashes, folder: Path) -> None:
    """A mart of the catalog `warehouse` in `staged` and beside it, sorted, with what is said of it.

    What the audit has vouched for is declared. A key of one column is a primary key, by which
    DuckDB also finds rows that are in another order than the key's. Where it would cost too much,
    those that are get an index alone. DuckDB skips rows by the first eight letters of a text: order
    numbers often have those in common, and are found by an index.
    """
    table = f"staged.{table_of(mart)}"
    columns = [
        f"{identifier(name)} {type_}{' not null' if name in mart.filled else ''}"
        for name, type_ in rows.columns
    ]
    has_one_key = len(mart.key) == 1 and not mart.nullable
    is_keyed = has_one_key and rows.count <= MOST_KEYED_ROWS
    key = identifier(mart.key[0])
    keys = [f"primary key ({key})"] if is_keyed else []
    connection.execute(f"create table {table} ({', '.join([*columns, *keys])})")
    order = ", ".join(map(identifier, mart.order))
    connection.execute(f"insert into {table} from warehouse.{table_of(mart)} order by {order}")
    if mart.sorted_by and has_one_key and not is_keyed:
        index = identifier(f"{mart.name}_key")
        connection.execute(f"create unique index {index} on {table} ({key})")
    for column in mart.found_by:
        index = identifier(f"{mart.name}_{column}")
        connection.execute(f"create index {index} on {table} ({identifier(column)})")
    comment(connection, table, mart.said, mart.column_descriptions)
    write_parquet(connection, mart.name, folder, layout(mart))


def comment(
    connection: duckdb.DuckDBPyConnection, table: str, said: str, columns: Mapping[str, str]
) -> None:
    """Says of a table and of its columns what they are."""
    comments = {f"table {table}": said} | {
        f"column {table}.{identifier(column)}": text for column, text in columns.items()
    }
    told = [f"comment on {what} is {literal(text)};" for what, text in comments.items() if text]
    connection.execute(f"begin; {' '.join(told)} commit")  # at once, and not one by one to the disk


def write_parquet(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, told: str
) -> None:
    """The table of the catalog `staged` as a file, which tells how it was laid out."""
    connection.execute(
        f"copy staged.marts.{identifier(name)} to {file_of(name, folder)}"
        f" (format parquet, compression zstd, kv_metadata {{layout: {literal(told)}}})"
    )

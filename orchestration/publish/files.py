"""How a mart is laid down: its table in the database that readers open, and its Parquet file."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.digests import RowHashes
from orchestration.duck import identifier, literal
from orchestration.publish.marts import Mart
from orchestration.publish.parquet import write_after

# The name that readers see as the catalog. `marts` would make every `marts.orders` ambiguous.
DATABASE = "regulars.duckdb"
# Rows that DuckDB compresses, skips and frees together, and what it reads at once: a quarter of the
# usual, since who asks for a customer or an order reads one block of each column. Those of files
# are the same, since a group that is read is then written as it is: for a fifth less.
ROWS_OF_A_GROUP = 30_720
BLOCK = 65_536
# Any DuckDB since 1.2 can open what is published, whichever one wrote it.
STORAGE = f"(storage_version 'v1.0.0', block_size {BLOCK}, row_group_size {ROWS_OF_A_GROUP})"
# A primary key is an index over all rows, which costs more than it helps in a mart of many. One of
# several columns costs as much as the mart, and foreign keys half as much: those are only told.
# No rows can be taken off a table that has one. So a mart of more rows has none, and can be written
# by its last month.
MOST_KEYED_ROWS = 100_000


def table_of(mart: Mart) -> str:
    """The table of a mart, as SQL names it in any catalog."""
    return f"marts.{identifier(mart.name)}"


def file_of(name: str, folder: Path) -> str:
    """The Parquet file of a mart, as SQL names it."""
    return literal(folder / f"{name}.parquet")


def layout(mart: Mart) -> str:
    """All that makes table and file of a mart beside its rows: what the file tells of itself."""
    made_by = repr((mart, STORAGE, MOST_KEYED_ROWS)).encode()
    made = hashlib.md5(made_by, usedforsecurity=False).hexdigest()
    return f"DuckDB {duckdb.__version__}, sorted by {', '.join(mart.order)}, made by {made}"


def open_month(rows: RowHashes) -> str | None:
    """The last month of a large mart, which a day changes: its rows stand at the end, and are
    replaced alone."""
    return max(filter(None, rows.by_month), default=None) if rows.count > MOST_KEYED_ROWS else None


def keep_before(connection: duckdb.DuckDBPyConnection, mart: Mart, month: str) -> None:
    """Takes the open month off a table in `staged`, and the group of rows that it begins in.

    Rows of that group that are earlier lie in `temp` then, to be written again. Indexes go too: one
    that loses rows takes half as much room again.
    """
    table, earlier = f"staged.{table_of(mart)}", f"not {_is_since(mart, month)}"
    count = f"select count(*) from {table} where {earlier}"
    [(rows,)] = connection.execute(count).fetchall()
    kept = rows // ROWS_OF_A_GROUP * ROWS_OF_A_GROUP
    aside = f"from {table} where rowid >= {kept} and {earlier}"
    connection.execute(f"create temp table {identifier(mart.name)} as {aside}")
    indexes = connection.execute(
        "select index_name from duckdb_indexes()"
        " where database_name = 'staged' and table_name = $1",
        [mart.name],
    )
    for (index,) in indexes.fetchall():
        connection.execute(f"drop index staged.marts.{identifier(index)}")
    connection.execute(f"delete from {table} where rowid >= {kept}")


def write(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    rows: RowHashes,
    folder: Path,
    last: Path,
    month: str | None = None,
) -> None:
    """A mart of the catalog `warehouse` in `staged` and beside it, with what is said of it.

    Of a table of which what is before the open `month` was kept, only the rest is written. Its file
    begins as that in the folder of the `last` generation.
    """
    table, source, kept = f"staged.{table_of(mart)}", f"from warehouse.{table_of(mart)}", 0
    if month is None:
        _create(connection, mart, rows)
    else:
        aside = f"temp.{identifier(mart.name)}"
        source = f"from (from {aside} union all {source} where {_is_since(mart, month)})"
        [(kept,)] = connection.execute(f"select count(*) from {table}").fetchall()
    connection.execute(f"insert into {table} {source} order by {_order(mart, rows)}")
    _index(connection, mart, rows)
    told = {"layout": layout(mart), "hashes": rows.to_json()}
    if not (kept and _write_end(connection, mart, folder, last, told, kept)):
        write_parquet(connection, mart.name, folder, told)


def _write_end(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    folder: Path,
    last: Path,
    told: Mapping[str, str],
    kept: int,
) -> bool:
    """The file, of which so many rows are taken from the last; whether they can be."""
    file, end = f"{mart.name}.parquet", folder / "end"
    write_parquet(connection, mart.name, end, told, since=kept)
    is_written = write_after(last / file, kept, end / file, folder / file)
    shutil.rmtree(end)
    return is_written


def _is_since(mart: Mart, month: str) -> str:
    """Whether a row is of this month (`2026-02`) or a later one, as SQL asks it."""
    return f"coalesce({identifier(mart.month)} >= date '{month}-01', false)"


def _order(mart: Mart, rows: RowHashes) -> str:
    month = open_month(rows)
    first = [_is_since(mart, month)] if month else []
    return ", ".join([*first, *map(identifier, mart.order)])


def _create(connection: duckdb.DuckDBPyConnection, mart: Mart, rows: RowHashes) -> None:
    """The empty table; what the audit has vouched for is declared."""
    table = f"staged.{table_of(mart)}"
    columns = [
        f"{identifier(name)} {type_}{' not null' if name in mart.filled else ''}"
        for name, type_ in rows.columns
    ]
    keys = [f"primary key ({identifier(mart.key[0])})"] if _is_keyed(mart, rows) else []
    connection.execute(f"create table {table} ({', '.join([*columns, *keys])})")
    comment(connection, table, mart.said, mart.column_descriptions)


def _is_keyed(mart: Mart, rows: RowHashes) -> bool:
    return mart.has_one_key and rows.count <= MOST_KEYED_ROWS


def _index(connection: duckdb.DuckDBPyConnection, mart: Mart, rows: RowHashes) -> None:
    """Indexes of what is asked by values whose beginnings are alike.

    A key of one column is a primary key, by which DuckDB also finds rows that are in another order
    than the key's. Where it would cost too much, those that are get an index alone. DuckDB skips
    rows by the first eight letters of a text: order numbers often have those in common.

    One thread makes an index of texts in half the time of two, which make parts of it and then one
    of these.
    """
    table, made = f"staged.{table_of(mart)}", []
    if mart.sorted_by and mart.has_one_key and not _is_keyed(mart, rows):
        index, key = identifier(f"{mart.name}_key"), identifier(mart.key[0])
        made.append(f"create unique index {index} on {table} ({key})")
    for column in mart.found_by:
        index = identifier(f"{mart.name}_{column}")
        made.append(f"create index {index} on {table} ({identifier(column)})")
    if made:
        [(threads,)] = connection.execute("select current_setting('threads')").fetchall()
        for statement in ("set threads = 1", *made, f"set threads = {threads}"):
            connection.execute(statement)


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
    connection: duckdb.DuckDBPyConnection,
    name: str,
    folder: Path,
    told: Mapping[str, str],
    since: int = 0,
) -> None:
    """The rows of a table of the catalog `staged`, but for so many at its beginning, as a file,
    with what is `told` of it."""
    folder.mkdir(exist_ok=True)
    told_as = ", ".join(f"{key}: {literal(value)}" for key, value in told.items())
    connection.execute(
        f"copy (from staged.marts.{identifier(name)} where rowid >= {since})"
        f" to {file_of(name, folder)} (format parquet, compression zstd, compression_level 1,"
        f" row_group_size {ROWS_OF_A_GROUP}, kv_metadata {{{told_as}}})"
    )

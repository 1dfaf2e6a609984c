"""Writes a whole generation out of readers' sight: all that can fail or take long.

A mart that holds the same rows as its file of the last generation is that file, by a hard link,
and is copied from it into the database: it is neither sorted, nor digested, nor compressed again.
Its rows are compared with those of the file itself, so that a damaged file is written anew.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.digests import hold_the_same_rows, overall_digest, table_digest
from orchestration.duck import connect, first_line, identifier, literal, memory_limit
from orchestration.privacy.files import folder_for_readers
from orchestration.publish.marts import Mart, PublicationError
from orchestration.warehouse import attach

# The name that readers see as the catalog. `marts` would make every `marts.orders` ambiguous.
DATABASE = "regulars.duckdb"
# Any DuckDB since 1.0 can open what is published, whichever one wrote it.
STORAGE_VERSION = "v1.0.0"
# A primary key is an index over all rows, which costs more than it helps in a mart of many. One of
# several columns costs as much as the mart, and foreign keys half as much: those are only told.
MOST_KEYED_ROWS = 1_000_000
# What a publication tells of itself, for tools that show comments.
PUBLICATION = "What is published, and of which day: one row."
PUBLICATION_COLUMNS = {
    "generation": "Number of the publication, and the start of its digest.",
    "published_at": "When readers got to see it (UTC).",
    "as_of_date": "Day of analysis: facts before this day count.",
    "known_at": "Only rows landed before this instant count (UTC); null where all do.",
    "code_version": "Version of the code that built it, and its commit.",
    "dbt_version": "Version of dbt that built it.",
    "engine": "duckdb, spark or cluster, whichever built the warehouse.",
    "reporting_currency": "Currency of every amount (ISO 4217).",
    "duckdb_version": "Version of DuckDB that wrote the file.",
    "mart_count": "How many marts there are.",
    "row_count": "How many rows they have together.",
    "row_counts": "How many rows each mart has, as JSON.",
    "digests": "A digest of the rows of each mart, as JSON: equal rows, equal digest.",
    "digest": "The digest of all marts.",
}


@dataclass(frozen=True)
class PublicationFacts:
    """What the caller knows of the build; `engine` is the target that wrote it.

    `known_at` is an instant; one without a zone is UTC. `reporting_currency` is that of every
    amount (ISO 4217).
    """

    as_of_date: date
    known_at: datetime | None
    code_version: str
    dbt_version: str
    engine: str
    reporting_currency: str | None = None


def stage(
    marts: Sequence[Mart],
    warehouse: Path,
    folder: Path,
    last: Path,
    number: int,
    facts: PublicationFacts,
    now: datetime,
    settings: Mapping[str, str | int],
) -> str:
    """Fills a new folder with the generation of this sequence number, and returns its id.

    `last` is the folder of the last generation, if there is one. What it leaves is read-only,
    verified, and on the disk.
    """
    folder_for_readers(folder)
    spill = str(folder.with_name("spill"))
    settings = {"memory_limit": memory_limit(), "temp_directory": spill, **settings}
    with connect(**settings) as connection:
        _attach(connection, warehouse, folder)
        last_digests = _digests(connection, last)
        digests = {
            mart.name: _stage_mart(connection, mart, folder, last, last_digests.get(mart.name))
            for mart in marts
        }
        row_counts = {mart.name: _count(connection, f"warehouse.{_table(mart)}") for mart in marts}
        digest = overall_digest(digests)
        generation_id = f"{number:06}-{digest[:8]}"
        _write_publication(
            connection,
            generation=generation_id,
            published_at=now,
            **vars(facts),
            duckdb_version=duckdb.__version__,
            row_counts=row_counts,
            digests=digests,
            digest=digest,
        )
        _write_parquet(connection, "publication", folder, "one row")
        connection.execute("checkpoint staged")
    _verify(folder, row_counts)
    for path in folder.iterdir():
        path.chmod(0o444)
        sync(path)
    sync(folder)
    return generation_id


def sync(path: Path) -> None:
    """Waits until the disk has the file, or the names in the folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _attach(connection: duckdb.DuckDBPyConnection, warehouse: Path, folder: Path) -> None:
    try:
        attach(connection, warehouse)
    except duckdb.Error as error:
        raise PublicationError(
            f"The warehouse cannot be read ({first_line(error)}): end what else holds it, "
            "or build it anew with `regulars run --full-refresh`."
        ) from error
    staged = literal(folder / DATABASE)
    connection.execute(f"attach {staged} as staged (storage_version '{STORAGE_VERSION}')")
    connection.execute("create schema staged.marts")


def _digests(connection: duckdb.DuckDBPyConnection, last: Path) -> Mapping[str, str]:
    """The digests of the last generation by mart; none where there is none that can be read."""
    try:
        query = f"select digests from {_parquet(last, 'publication')}"
        return json.loads(connection.execute(query).fetchone()[0])
    except duckdb.Error:
        return {}


def _stage_mart(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    folder: Path,
    last: Path,
    last_digest: str | None,
) -> str:
    """Writes a mart into the database and beside it, and returns its digest."""
    if last_digest and _is_in(connection, mart, last):
        _link(last / f"{mart.name}.parquet", folder / f"{mart.name}.parquet")
        _write_table(connection, mart, f"from {_parquet(folder, mart.name)}")
        return last_digest
    order = ", ".join(identifier(column) for column in mart.order)
    _write_table(connection, mart, f"from warehouse.{_table(mart)} order by {order}")
    _write_parquet(connection, mart.name, folder, _layout(mart))
    return table_digest(connection, f"staged.{_table(mart)}")


def _is_in(connection: duckdb.DuckDBPyConnection, mart: Mart, last: Path) -> bool:
    """Whether the last generation's file has the rows of the mart, in the order they would get."""
    file = _parquet(last, mart.name)
    try:
        layouts = connection.execute(
            f"select decode(value) from parquet_kv_metadata({file}) where decode(key) = 'layout'"
        ).fetchall()
        return layouts == [(_layout(mart),)] and hold_the_same_rows(
            connection, file, f"warehouse.{_table(mart)}"
        )
    except duckdb.Error:
        return False


def _layout(mart: Mart) -> str:
    """What beside its rows makes the bytes of a file."""
    return f"DuckDB {duckdb.__version__}, sorted by {', '.join(mart.order)}"


def _link(file: Path, link: Path) -> None:
    """The same file under a second name, or a copy where the disk has no such thing."""
    try:
        os.link(file, link)
    except OSError:
        shutil.copyfile(file, link)


def _write_table(connection: duckdb.DuckDBPyConnection, mart: Mart, rows: str) -> None:
    """A mart in the database, with what is said of it, and what the audit has vouched for.

    A key of one column is a primary key, by which DuckDB also finds rows that are in another order
    than the key's. Where it would cost too much, those that are get an index alone. DuckDB skips
    rows by the first eight letters of a text: order numbers often have those in common, and are
    found by an index.
    """
    table = f"staged.{_table(mart)}"
    described = connection.execute(f"describe select * {rows}").fetchall()
    columns = [
        f"{identifier(name)} {type_}{' not null' if name in mart.filled else ''}"
        for name, type_, *_ in described
    ]
    has_one_key = len(mart.key) == 1 and not mart.nullable
    is_keyed = has_one_key and _count(connection, f"({rows})") <= MOST_KEYED_ROWS
    key = identifier(mart.key[0])
    keys = [f"primary key ({key})"] if is_keyed else []
    connection.execute(f"create table {table} ({', '.join([*columns, *keys])})")
    connection.execute(f"insert into {table} {rows}")
    if mart.sorted_by and has_one_key and not is_keyed:
        index = identifier(f"{mart.name}_key")
        connection.execute(f"create unique index {index} on {table} ({key})")
    for column in mart.found_by:
        index = identifier(f"{mart.name}_{column}")
        connection.execute(f"create index {index} on {table} ({identifier(column)})")
    _comment(connection, table, mart.said, mart.column_descriptions)


def _comment(
    connection: duckdb.DuckDBPyConnection, table: str, said: str, columns: Mapping[str, str]
) -> None:
    comments = {f"table {table}": said} | {
        f"column {table}.{identifier(column)}": text for column, text in columns.items()
    }
    told = [f"comment on {what} is {literal(text)};" for what, text in comments.items() if text]
    connection.execute(f"begin; {' '.join(told)} commit")  # at once, and not one by one to the disk


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, layout: str
) -> None:
    connection.execute(
        f"copy staged.marts.{identifier(name)} to {_parquet(folder, name)}"
        f" (format parquet, compression zstd, kv_metadata {{layout: {literal(layout)}}})"
    )


def _write_publication(
    connection: duckdb.DuckDBPyConnection,
    row_counts: Mapping[str, int],
    digests: Mapping[str, str],
    **row: object,
) -> None:
    """One row that tells readers what they see; counts and digests as JSON by mart."""
    connection.execute(
        """
        create table staged.marts.publication as
        select
            $generation::varchar as generation,
            $published_at::timestamptz::timestamp as published_at,
            $as_of_date::date as as_of_date,
            $known_at::timestamptz::timestamp as known_at,
            $code_version::varchar as code_version,
            $dbt_version::varchar as dbt_version,
            $engine::varchar as engine,
            $reporting_currency::varchar as reporting_currency,
            $duckdb_version::varchar as duckdb_version,
            $mart_count::bigint as mart_count,
            $row_count::bigint as row_count,
            $row_counts::varchar as row_counts,
            $digests::varchar as digests,
            $digest::varchar as digest,
        """,
        {
            **row,
            "mart_count": len(row_counts),
            "row_count": sum(row_counts.values()),
            "row_counts": json.dumps(row_counts),
            "digests": json.dumps(digests),
        },
    )
    _comment(connection, "staged.marts.publication", PUBLICATION, PUBLICATION_COLUMNS)


def _verify(folder: Path, row_counts: Mapping[str, int]) -> None:
    """Reads back what was written, as a reader will."""
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        for name, expected in row_counts.items():
            for relation in (f"marts.{identifier(name)}", _parquet(folder, name)):
                found = _count(connection, relation)
                if found != expected:
                    raise PublicationError(
                        f"{relation} has {found} rows where the warehouse has {expected}: "
                        "check the disk, then run `regulars publish`."
                    )


def _table(mart: Mart) -> str:
    return f"marts.{identifier(mart.name)}"


def _parquet(folder: Path, name: str) -> str:
    return literal(folder / f"{name}.parquet")


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return connection.execute(f"select count(*) from {relation}").fetchone()[0]

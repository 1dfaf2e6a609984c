"""Writes a whole generation out of readers' sight: all that can fail or take long."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.digests import overall_digest, table_digest
from orchestration.duck import connect, first_line, identifier, literal
from orchestration.publish.marts import Mart, PublicationError
from orchestration.warehouse import attach

# The name that readers see as the catalog. `marts` would make every `marts.orders` ambiguous.
DATABASE = "regulars.duckdb"
# Any DuckDB since 1.0 can open what is published, whichever one wrote it.
STORAGE_VERSION = "v1.0.0"


@dataclass(frozen=True)
class PublicationFacts:
    """What the caller knows of the build; `engine` wrote the warehouse, duckdb or spark.

    `known_at` is an instant; one without a zone is UTC.
    """

    as_of_date: date
    known_at: datetime | None
    code_version: str
    dbt_version: str
    engine: str


def stage(
    marts: Sequence[Mart],
    warehouse: Path,
    folder: Path,
    number: int,
    facts: PublicationFacts,
    now: datetime,
    settings: Mapping[str, str | int],
) -> str:
    """Fills a new folder with the generation of this sequence number, and returns its id.

    What it leaves is read-only, verified, and on the disk.
    """
    folder.mkdir(parents=True)
    with connect(temp_directory=str(folder.with_name("spill")), **settings) as connection:
        _attach(connection, warehouse, folder)
        for mart in marts:
            _copy(connection, mart)
            _write_parquet(connection, mart.name, folder)
        row_counts = {mart.name: _count(connection, f"warehouse.{_table(mart)}") for mart in marts}
        digests = {mart.name: table_digest(connection, f"staged.{_table(mart)}") for mart in marts}
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
        _write_parquet(connection, "publication", folder)
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


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Copies a mart in the order of its key, so that equal rows make equal files."""
    table, key = _table(mart), ", ".join(identifier(column) for column in mart.key)
    connection.execute(f"create table staged.{table} as from warehouse.{table} order by {key}")
    comments = {f"table staged.{table}": mart.description} | {
        f"column staged.{table}.{identifier(column)}": text
        for column, text in mart.column_descriptions.items()
    }
    for subject, text in comments.items():
        if text:
            connection.execute(f"comment on {subject} is {literal(text)}")


def _write_parquet(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> None:
    connection.execute(
        f"copy staged.marts.{identifier(name)} to {_parquet(folder, name)}"
        " (format parquet, compression zstd)"
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
